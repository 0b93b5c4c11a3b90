// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.frameferry.Bridge;
import org.frameferry.BridgeStatistics;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.Peer;
import org.frameferry.PoolAudit;
import org.frameferry.Udp;

/**
 * Frameferry's own data path: one UDP socket behind one bridge, received and sent in batches. Nothing is allocated
 * per batch. Confined to the thread that opened it, but for {@link #audit}.
 *
 * <p>The bridge moderates: it lets datagrams gather in the kernel, as a network card holds back its interrupt. A
 * receiver that is faster than the sender would otherwise sleep and wake for every few datagrams, which costs several
 * times what receiving them does, and takes the sender's core from it. With timestamps the kernel stamps each datagram
 * as it comes in, so that this does not show as jitter.
 */
public final class FrameferryDataPath implements DataPath {
    /** Memory for frames; long frames get fewer of them. */
    private static final int POOL_BYTES = 32 << 20;
    private static final int MAX_FRAMES = 4096;
    /** Two batches in Java, two in the poller's hands, and room for the depot's blocks of 64. */
    private static final int FRAMES_PER_BATCH = 4;
    private static final int MIN_FRAMES = 256;
    private static final int MIN_FRAME_SIZE = 64;
    /** A hundred datagrams at a million a second, with the timer's slack: a batch or two, and little of any buffer. */
    public static final Duration MODERATION = Duration.ofNanos(50_000);
    /** Of the 32-byte address image in a frame's metadata line. */
    private static final int ADDRESS_OFFSET = 16;

    /**
     * How a path is set up; the options of the command.
     *
     * @param mode inline or threaded
     * @param crossing batched calls or the mapped ring
     * @param batch frames a batch, 1 to 1024
     * @param receiveBuffer bytes to ask the kernel for
     * @param timestamps whether the kernel stamps each datagram: what jitter needs, at a cost of tens of percent
     */
    public record Settings(Bridge.Mode mode, Bridge.Crossing crossing, int batch, int receiveBuffer,
            boolean timestamps) {}

    private final FramePool pool;
    private final Bridge bridge;
    private final FrameBatch received;
    private final FrameBatch outgoing;
    private long datagrams;
    private volatile PoolAudit audit;

    private FrameferryDataPath(InetSocketAddress bind, int blockSize, Settings settings) {
        int frameSize = Math.max(MIN_FRAME_SIZE, blockSize);
        int frames = Math.max(Math.clamp(POOL_BYTES / frameSize, MIN_FRAMES, MAX_FRAMES),
                FRAMES_PER_BATCH * settings.batch());
        pool = FramePool.builder().frames(frames).frameSize(frameSize).headroom(0).bridges(1).build();
        try {
            Udp udp = Udp.bind(bind).receiveBuffer(settings.receiveBuffer()).timestamps(settings.timestamps());
            bridge = Bridge.builder(pool, udp).mode(settings.mode()).crossing(settings.crossing())
                    .budget(settings.batch()).moderation(MODERATION).open();
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
        received = bridge.newBatch(settings.batch());
        outgoing = bridge.newBatch(settings.batch());
    }

    /**
     * {@return a factory of paths set up alike}
     *
     * @param settings of every path
     */
    public static DataPathFactory factory(Settings settings) {
        return new DataPathFactory() {
            @Override
            public DataPath open(InetSocketAddress bind, int blockSize) {
                return new FrameferryDataPath(bind, blockSize, settings);
            }

            @Override
            public String name() {
                return "frameferry, " + settings.mode().name().toLowerCase() + ", "
                        + settings.crossing().name().toLowerCase() + ", batches of " + settings.batch();
            }
        };
    }

    @Override
    public InetSocketAddress localAddress() {
        return bridge.localAddress();
    }

    @Override
    public int receive(Sink sink, Duration patience) {
        int n = bridge.receive(received, patience);
        if (n < 0) {
            throw new IllegalStateException("the bridge was closed while the test ran");
        }
        for (int i = 0; i < n; i++) {
            Frame frame = received.get(i);
            sink.accept(frame.memory(), frame.metadataOffset() + ADDRESS_OFFSET, frame.offset(), frame.length(),
                    frame.timestamp());
        }
        datagrams += n;
        return n;
    }

    @Override
    public int send(Peer peer, int length, int n, Writer writer, Duration patience) {
        int leased = pool.lease(outgoing, Math.min(n, outgoing.capacity()));
        for (int i = 0; i < leased; i++) {
            Frame frame = outgoing.get(i).put(length).peer(peer);
            writer.write(frame.memory(), frame.offset());
        }
        int taken = bridge.send(outgoing, patience);
        outgoing.release();
        return taken;
    }

    @Override
    public long receiveBuffer() {
        return bridge.statistics().receiveBuffer();
    }

    @Override
    public PathStatistics statistics() {
        BridgeStatistics s = bridge.statistics();
        long dropped = s.rxDroppedDevice() + s.rxDroppedNoFrame() + s.rxDroppedRingFull() + s.rxDroppedOversize();
        return new PathStatistics(datagrams, s.receiveCalls(), dropped, s.txFrames());
    }

    /** {@return where every frame was when the path closed, null before; any thread} */
    public PoolAudit audit() {
        return audit;
    }

    /** Closes the socket and the pool, after a count of all frames. */
    @Override
    public void close() {
        if (pool.isClosed()) {
            return;
        }
        try {
            received.close();
            outgoing.close();
            bridge.close();
            audit = pool.audit();
        } finally {
            pool.close();
        }
        if (!audit.sound() || audit.leased() != 0) {
            throw new IllegalStateException("frames went astray: " + audit);
        }
    }
}
