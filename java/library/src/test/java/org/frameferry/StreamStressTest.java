// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.frameferry.bindings.FerryBindings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Numbered frames from Java to C, from C to Java and from Java to Java, in each crossing: in batches of every size,
/// with pauses at random, through rings of several capacities whose indices begin where they are about to outgrow 32 or
/// 64 bits. Each frame comes once, in order and unchanged. One thread drives an end; a poller, or another thread, the
/// other.
class StreamStressTest {
    private static final int[] CAPACITIES = {1, 2, 4, 64};
    private static final long[] STARTS = {0, (1L << 32) - 100, -100};
    private static final int BATCH = 64;
    private static final int WINDOW = 128; // datagrams on their way: less than any receive buffer holds

    private final SplittableRandom random = new SplittableRandom(1);

    private static Stream<Arguments> rings(Object... before) {
        return Arrays.stream(CAPACITIES).boxed().flatMap(capacity -> Arrays.stream(STARTS).mapToObj(start ->
                Arguments.of(Stream.concat(Arrays.stream(before), Stream.of(capacity, start)).toArray())));
    }

    static Stream<Arguments> waysAndRings() {
        return Way.all().flatMap(StreamStressTest::rings);
    }

    static Stream<Arguments> crossingsAndRings() {
        return Arrays.stream(Bridge.Crossing.values()).flatMap(StreamStressTest::rings);
    }

    /// A bridge takes its rings as it finds them.
    private static FramePool pool(int capacity, long start) {
        FramePool pool = FramePool.builder().frames(512).frameSize(128).ringCapacity(capacity).bridges(1).build();
        long rx = pool.geometry().bridgeOffset();
        for (long ring : new long[] {rx, rx + FerryBindings.FERRY_RING_BYTES()}) {
            pool.control().set(ValueLayout.JAVA_LONG, ring + FerryBindings.FERRY_RING_TAIL(), start);
            pool.control().set(ValueLayout.JAVA_LONG, ring + FerryBindings.FERRY_RING_HEAD(), start);
        }
        return pool;
    }

    /// Batches of several capacities: a batch receives as many frames as it has room for.
    private static FrameBatch[] batches(FramePool pool) {
        return IntStream.of(1, 2, 3, 7, 16, BATCH).mapToObj(pool::newBatch).toArray(FrameBatch[]::new);
    }

    private static FrameBatch any(FrameBatch[] batches, SplittableRandom random) {
        return batches[random.nextInt(batches.length)];
    }

    /// Now and then one side falls behind, so that the other meets the edges.
    private static void pause(SplittableRandom random) {
        if (random.nextInt(64) == 0) {
            for (int i = random.nextInt(2000); i > 0; i--) {
                Thread.onSpinWait();
            }
        }
    }

    private static int size(SplittableRandom random, long left) {
        return (int) Math.min(1 + random.nextInt(BATCH), left);
    }

    @ParameterizedTest(name = "{0}, {1} slots from {2}")
    @MethodSource("crossingsAndRings")
    void fromThreadToThread(Bridge.Crossing crossing, int capacity, long start) throws Exception {
        int frames = Deep.often(capacity < BATCH ? 2_000 : 20_000);
        try (FramePool pool = pool(capacity, start); Audits _ = Audits.of(pool);
             Bridge bridge = Bridge.builder(pool, Loop.device()).crossing(crossing).open()) {
            Elsewhere<Void> sender = Elsewhere.start(() -> {
                send(pool, bridge, frames);
                return null;
            });
            FrameBatch[] batches = batches(pool);
            for (long next = 0; next < frames;) {
                FrameBatch batch = any(batches, random);
                assertTrue(bridge.receive(batch, Numbered.LONG) > 0);
                next = Numbered.check(batch, next);
                pause(random);
            }
            sender.result();
            assertEquals(frames, bridge.statistics().rxFrames());
            Stream.of(batches).forEach(FrameBatch::release);
        }
    }

    private static void send(FramePool pool, Bridge bridge, int frames) {
        SplittableRandom random = new SplittableRandom(2);
        try (FrameBatch batch = bridge.newBatch(BATCH)) {
            for (long next = 0; next < frames;) {
                int n = size(random, frames - next);
                Numbered.lease(pool, batch, n);
                for (Frame frame : batch) {
                    Numbered.write(frame, next++);
                }
                assertEquals(n, bridge.send(batch, Numbered.LONG));
                pause(random);
            }
        }
    }

    /// Java produces, C takes it to a socket; the socket's frames are produced by C, and Java takes them.
    @ParameterizedTest(name = "{0}, {1} slots from {2}")
    @MethodSource("waysAndRings")
    void fromJavaToCAndBack(Way way, int capacity, long start) {
        int frames = Deep.often(1_000);
        try (FramePool pool = pool(capacity, start); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch out = bridge.newBatch(BATCH)) {
            Peer self = Peer.of(bridge.localAddress());
            FrameBatch[] batches = batches(pool);
            long sent = 0;
            for (long next = 0; next < frames;) {
                if (out.isEmpty() && sent - next < WINDOW && sent < frames) {
                    int n = size(random, frames - sent);
                    Numbered.lease(pool, out, sent, sent + n, self);
                    sent += n;
                }
                bridge.send(out);
                FrameBatch in = any(batches, random);
                bridge.receive(in, out.isEmpty() ? Numbered.LONG : Duration.ZERO);
                next = Numbered.check(in, next);
                pause(random);
            }
            BridgeStatistics statistics = bridge.statistics();
            assertEquals(frames, statistics.txFrames());
            assertEquals(frames, statistics.rxFrames());
            Stream.of(batches).forEach(FrameBatch::release);
        }
    }

    /// C produces, at the rate of a line: what does not come was dropped by the card, and counted.
    @ParameterizedTest(name = "{0}, {1} slots from {2}")
    @MethodSource("waysAndRings")
    void fromCToJava(Way way, int capacity, long start) {
        int frames = Deep.often(5_000);
        SimulatedNic nic = SimulatedNic.builder().lineRate(1_000_000_000).frames(frames).build();
        try (FramePool pool = pool(capacity, start); Audits _ = Audits.of(pool);
             Bridge bridge = Bridge.builder(pool, nic).mode(way.mode()).crossing(way.crossing()).open()) {
            FrameBatch[] batches = batches(pool);
            long received = 0;
            long next = 0;
            while (received + lost(bridge) < frames) {
                FrameBatch batch = any(batches, random);
                received += bridge.receive(batch, Duration.ofMillis(1));
                for (Frame frame : batch) {
                    next = checkStamped(frame, next);
                }
                pause(random);
            }
            assertEquals(frames, received + lost(bridge));
            assertEquals(received, bridge.statistics().rxFrames());
            assertTrue(received > 0);
            Stream.of(batches).forEach(FrameBatch::release);
        }
    }

    private static long lost(Bridge bridge) {
        NicStatistics card = SimulatedNic.statistics(bridge);
        return card.dropped() + card.stalled();
    }

    /// {@return the number after that of a card's frame, which is `least` or a later one, and ends in its low byte,
    /// repeated}
    private static long checkStamped(Frame frame, long least) {
        long number = frame.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, frame.offset());
        assertTrue(number >= least, number + " came after " + (least - 1));
        assertEquals(64, frame.length());
        for (int i = 2 * Long.BYTES; i < frame.length(); i++) {
            assertEquals((byte) number, frame.memory().get(ValueLayout.JAVA_BYTE, frame.offset() + i));
        }
        return number + 1;
    }
}
