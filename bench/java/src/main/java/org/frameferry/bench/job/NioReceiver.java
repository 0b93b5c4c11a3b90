// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** The JDK's own: a datagram a system call, into one direct buffer that is used again. */
final class NioReceiver implements DatagramReceiver {
    private final DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(ROOM);
    private final boolean blocking;
    private final Tally tally;

    /** @param blocking whether it sleeps in the call that receives, else in a selector when there is nothing left */
    NioReceiver(boolean blocking, int receiveBuffer, Tally tally) throws IOException {
        this.blocking = blocking;
        this.tally = tally;
        channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
        channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
    }

    @Override
    public int port() {
        return channel.socket().getLocalPort();
    }

    @Override
    public void run() throws IOException {
        if (blocking) {
            while (receive()) {
                continue;
            }
        }
        channel.configureBlocking(false);
        Selector selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
        while (selector.isOpen()) {
            while (receive()) {
                continue;
            }
            selector.select();
            selector.selectedKeys().clear();
        }
    }

    private boolean receive() throws IOException {
        buffer.clear();
        if (channel.receive(buffer) == null) {
            return false;
        }
        tally.take(buffer.getInt(Tally.NUMBER_OFFSET), buffer.position());
        return true;
    }
}
