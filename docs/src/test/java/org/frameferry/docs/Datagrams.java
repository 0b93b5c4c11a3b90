// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.frameferry.Bridge;

/** The other side of a bridge over UDP: a plain socket on the loopback interface. One thread. */
final class Datagrams implements AutoCloseable {
    private final DatagramSocket socket;

    Datagrams() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(30_000);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Sends so many, of 8 bytes each. */
    void send(Bridge bridge, int n) throws IOException {
        for (int i = 0; i < n; i++) {
            socket.send(new DatagramPacket(new byte[8], 8, bridge.localAddress()));
        }
    }

    /** Waits for the next, and returns how many bytes it has. */
    int receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        return packet.getLength();
    }

    @Override
    public void close() {
        socket.close();
    }
}
