// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.frameferry.Peer;

/**
 * A data path whose datagrams are bytes of a fuzzer's: for each a byte for its sender, one of {@link #SENDERS}, one for
 * its length, and its contents. What the server sends is written and forgotten. The thread of the test; {@link
 * #awaitLast} is for any.
 */
final class FuzzedDatagrams implements DataPath {
    private static final int SENDERS = 4;
    private static final int LONGEST = 65_507;
    private static final InetSocketAddress LOCAL = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5201);

    private final ByteBuffer input;
    private final MemorySegment memory = Arena.ofAuto().allocate(Peer.BYTES + LONGEST, Long.BYTES);
    private final CountDownLatch last = new CountDownLatch(1);
    private long clock;

    FuzzedDatagrams(ByteBuffer input) {
        this.input = input;
    }

    /** Waits until all datagrams have come, or the connection has ended. */
    void awaitLast() {
        try {
            last.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void end() {
        last.countDown();
    }

    @Override
    public InetSocketAddress localAddress() {
        return LOCAL;
    }

    @Override
    public int receive(Sink sink, Duration patience) {
        if (!input.hasRemaining()) {
            end();
            Thread.yield(); // to the watcher
            return 0;
        }
        int sender = FuzzedClient.next(input) % SENDERS;
        byte[] contents = FuzzedClient.take(input, FuzzedClient.next(input));
        peer(sender).write(memory, 0);
        MemorySegment.copy(contents, 0, memory, ValueLayout.JAVA_BYTE, Peer.BYTES, contents.length);
        sink.accept(memory, 0, Peer.BYTES, contents.length, clock += 1000);
        return 1;
    }

    /** One of them is not at the client's address. */
    private static Peer peer(int sender) {
        String host = sender == SENDERS - 1 ? "192.0.2.1" : "127.0.0.1";
        return Peer.of(new InetSocketAddress(host, 50_000 + sender));
    }

    @Override
    public int send(Peer peer, int length, int n, Writer writer, Duration patience) {
        for (int i = 0; i < n; i++) {
            writer.write(memory, Peer.BYTES);
        }
        return n;
    }

    @Override
    public long receiveBuffer() {
        return 0;
    }

    @Override
    public PathStatistics statistics() {
        return PathStatistics.NONE;
    }

    @Override
    public void close() {}
}
