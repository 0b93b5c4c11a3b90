// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.frameferry.Peer;
import org.frameferry.cli.iperf3.DataPath;
import org.frameferry.cli.iperf3.FrameferryDataPath;
import org.frameferry.cli.iperf3.PathStatistics;

/**
 * Stands in for a data path that lies wholly in another process: udp_receive holds the socket, answers the client's
 * connect datagram and counts. To the server it shows one connect datagram, so that the test begins, and then a sign of
 * life each second. Confined to the thread that opened it.
 */
final class BareCDataPath implements DataPath {
    static final String PROGRAM = "udp_receive";
    private static final Duration START = Duration.ofSeconds(10);
    private static final long SIGN_OF_LIFE = Duration.ofSeconds(1).toNanos();
    /** The four bytes that an iperf3 client sends from each stream, read as little-endian. */
    private static final int CONNECT = 0x3637_3839;
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int DATA = 64;

    private final InetSocketAddress bound;
    private final Consumer<String> report;
    private final Child program;
    private boolean connected;
    private long shown = System.nanoTime();

    /**
     * @param report takes the line that the program prints when it ends
     */
    BareCDataPath(InetSocketAddress bind, int receiveBuffer, Consumer<String> report) {
        this.bound = bind;
        this.report = report;
        program = new Child(List.of(Programs.own(PROGRAM), "--address", bind.getAddress().getHostAddress(), "--port",
                "" + bind.getPort(), "--receive-buffer", "" + receiveBuffer, "--moderation-us",
                "" + FrameferryDataPath.MODERATION.toNanos() / 1000, "--until-eof"), "bytes of receive buffer");
        program.awaitReady(START);
    }

    @Override
    public InetSocketAddress localAddress() {
        return bound;
    }

    @Override
    public int receive(Sink sink, Duration patience) {
        if (!connected) {
            connected = true;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocate(DATA + Integer.BYTES, Long.BYTES);
                Peer.of(bound).write(memory, 0);
                memory.set(WORD, DATA, CONNECT);
                sink.accept(memory, 0, DATA, Integer.BYTES, System.nanoTime());
            }
            return 1;
        }
        try {
            Thread.sleep(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean due = System.nanoTime() - shown > SIGN_OF_LIFE;
        shown = due ? System.nanoTime() : shown;
        return due ? 1 : 0;
    }

    /** Takes everything and sends nothing: the program has answered already. */
    @Override
    public int send(Peer peer, int length, int n, Writer writer, Duration patience) {
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
    public void close() {
        program.finish();
        report.accept(program.output());
    }
}
