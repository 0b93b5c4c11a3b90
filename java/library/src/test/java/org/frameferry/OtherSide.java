// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/// What is on the other side of a bridge: a plain socket of the JDK on the loopback interface, sending and receiving
/// [Numbered] datagrams. One thread sends, one receives.
final class OtherSide implements AutoCloseable {
    private final DatagramChannel channel;
    private final ByteBuffer received = ByteBuffer.allocate(2048);
    private InetSocketAddress bridge;

    private OtherSide(InetSocketAddress local) throws IOException {
        channel = DatagramChannel.open().bind(local);
    }

    /// At that address, for a bridge that is not open yet.
    static OtherSide at(InetSocketAddress local) throws IOException {
        return new OtherSide(local);
    }

    /// On any free port, at the bridge's own address.
    static OtherSide of(Bridge bridge) throws IOException {
        OtherSide other = at(new InetSocketAddress(bridge.localAddress().getAddress(), 0));
        other.meet(bridge);
        return other;
    }

    /// Says to whom to send.
    void meet(Bridge bridge) {
        this.bridge = bridge.localAddress();
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    Peer peer() throws IOException {
        return Peer.of(address());
    }

    /// Sends datagrams `from` to `to - 1`. No more than a few hundred at once: what nobody reads must fit into the
    /// receive buffer that every system grants.
    void send(long from, long to) throws IOException {
        for (long number = from; number < to; number++) {
            assertEquals(Numbered.bytes(number), channel.send(Numbered.datagram(number), bridge));
        }
    }

    void sendBytes(int length) throws IOException {
        assertEquals(length, channel.send(ByteBuffer.allocate(length), bridge));
    }

    /// Waits for the next datagram.
    ///
    /// @return its bytes
    ByteBuffer receive() throws IOException {
        channel.receive(received.clear());
        return received.flip();
    }

    /// Waits for datagrams `from` to `to - 1`, in that order.
    void receive(long from, long to) throws IOException {
        for (long number = from; number < to; number++) {
            assertEquals(Numbered.datagram(number), receive(), "datagram " + number);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
