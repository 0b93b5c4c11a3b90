// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.frameferry.Peer;
import org.frameferry.cli.iperf3.DataPath;
import org.frameferry.cli.iperf3.DataPathFactory;
import org.frameferry.cli.iperf3.PathStatistics;

/**
 * The chapter's driver as a data path: one foreign call for each packet, which sleeps while there is none. Confined to
 * the thread that opened it.
 */
final class Chapter18DataPath implements DataPath {
    /** Packets handed over before the server may look at its control connection again. */
    private static final int RUN = 64;
    /** Packets that wait in the list at most: as many as Frameferry's pool has frames. The chapter has no limit. */
    private static final int LIST_LIMIT = 4096;
    /** A packet begins here, behind its sender's address. */
    private static final int DATA = 64;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(DATA + Chapter18.PACKET_MAX, DATA);
    private final MemorySegment address = memory.asSlice(0, Chapter18.ADDRESS_BYTES);
    private final MemorySegment data = memory.asSlice(DATA);
    private final long driver;
    private final long granted;
    private final InetSocketAddress bound;
    private long crossings;
    private long datagrams;
    private long sent;

    private Chapter18DataPath(InetSocketAddress bind, int receiveBuffer) {
        MemorySegment receiveBufferOut = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment boundOut = arena.allocate(Chapter18.ADDRESS_BYTES, Long.BYTES);
        Peer.of(bind).write(memory, 0);
        driver = Chapter18.open(address, receiveBuffer, LIST_LIMIT, receiveBufferOut, boundOut);
        if (driver < 0) {
            arena.close();
            throw new DemoFailure("the chapter's driver cannot open " + bind + ": " + Chapter18.text(driver));
        }
        granted = receiveBufferOut.get(ValueLayout.JAVA_INT, 0);
        bound = Peer.read(boundOut, 0).address();
    }

    /** {@return a factory of such paths} */
    static DataPathFactory factory(int receiveBuffer) {
        return new DataPathFactory() {
            @Override
            public DataPath open(InetSocketAddress bind, int blockSize) {
                if (blockSize > Chapter18.PACKET_MAX) {
                    throw new DemoFailure("datagrams of %d bytes, but the chapter's driver takes at most %d".formatted(
                            blockSize, Chapter18.PACKET_MAX));
                }
                return new Chapter18DataPath(bind, receiveBuffer);
            }

            @Override
            public String name() {
                return "the chapter's driver";
            }
        };
    }

    @Override
    public InetSocketAddress localAddress() {
        return bound;
    }

    @Override
    public int receive(Sink sink, Duration patience) {
        long timeout = patience.toNanos();
        int n = 0;
        while (n < RUN) {
            crossings++;
            long length = Chapter18.receive(driver, data, Chapter18.PACKET_MAX, timeout, address);
            if (length == Chapter18.NOTHING) {
                break;
            }
            if (length < 0) {
                throw new DemoFailure("the chapter's driver cannot receive: " + Chapter18.text(length));
            }
            sink.accept(memory, 0, DATA, (int) length, System.nanoTime());
            n++;
        }
        datagrams += n;
        return n;
    }

    /** Does not wait for room: what the socket does not take at once is left to the caller. */
    @Override
    public int send(Peer peer, int length, int n, Writer writer, Duration patience) {
        peer.write(memory, 0);
        int taken = 0;
        while (taken < n) {
            writer.write(memory, DATA);
            long result = Chapter18.send(driver, address, data, length);
            if (result == Chapter18.NOTHING) {
                break;
            }
            if (result < 0) {
                throw new DemoFailure("the chapter's driver cannot send to " + peer + ": " + Chapter18.text(result));
            }
            taken++;
        }
        sent += taken;
        return taken;
    }

    @Override
    public long receiveBuffer() {
        return granted;
    }

    @Override
    public PathStatistics statistics() {
        Chapter18.Statistics s = Chapter18.statistics(driver);
        return new PathStatistics(datagrams, crossings, s.dropped() + s.truncated(), sent);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            Chapter18.close(driver);
            arena.close();
        }
    }
}
