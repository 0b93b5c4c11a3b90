// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What is sent over a loop is received from it, in both crossings, between threads that wait for one another; and a loop
/// ends as every bridge does.
class LoopTest {
    private static final int CAPACITY = 8;

    private static FramePool pool() {
        return FramePool.builder().frames(64).frameSize(128).ringCapacity(CAPACITY).bridges(1).build();
    }

    private static Bridge open(FramePool pool, Bridge.Crossing crossing) {
        return Bridge.builder(pool, Loop.device()).crossing(crossing).open();
    }

    /// Leases frames and makes them `from` to `to - 1`.
    private static void fill(FramePool pool, FrameBatch batch, int from, int to) {
        Numbered.lease(pool, batch, to - from);
        for (int i = 0; i < to - from; i++) {
            Numbered.write(batch.get(i), from + i);
        }
    }

    static Stream<Arguments> crossingsAndStrategies() {
        return Stream.of(Bridge.Crossing.values()).flatMap(crossing -> Stream.of(WaitStrategy.values())
                .map(strategy -> Arguments.of(crossing, strategy)));
    }

    /// The ring is small and the pool not much larger: each end waits for the other again and again.
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("crossingsAndStrategies")
    void fromThreadToThread(Bridge.Crossing crossing, WaitStrategy strategy) throws Exception {
        int frames = 5000;
        try (FramePool pool = pool(); Audits _ = Audits.of(pool);
             Bridge bridge = Bridge.builder(pool, Loop.device()).crossing(crossing).waitStrategy(strategy).open();
             FrameBatch received = bridge.newBatch(3)) {
            Elsewhere<Void> sender = Elsewhere.start(() -> {
                try (FrameBatch batch = bridge.newBatch(5)) {
                    for (int next = 0; next < frames; next += 5) {
                        fill(pool, batch, next, next + 5);
                        assertEquals(5, bridge.send(batch, Numbered.LONG));
                    }
                }
                return null;
            });
            Numbered.receive(bridge, received, 0, frames);
            sender.result();
            assertEquals(frames, bridge.statistics().rxFrames());
            assertEquals(frames, bridge.statistics().txFrames());
        }
    }

    @ParameterizedTest
    @EnumSource
    void inOneThread(Bridge.Crossing crossing) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = open(pool, crossing);
             FrameBatch batch = bridge.newBatch(CAPACITY); FrameBatch received = bridge.newBatch(CAPACITY)) {
            for (int i = 0; i < 100; i++) {
                pool.lease(batch, 1);
                batch.get(0).put(8).tag(i);
                assertEquals(1, bridge.send(batch));
                assertEquals(1, bridge.receive(received));
                assertEquals(i, received.get(0).tag());
                assertEquals(8, received.get(0).length());
            }
            assertEquals(0, bridge.receive(received));
        }
    }

    /// Of more frames than there is room for the first are taken; they are in the ring, once.
    @ParameterizedTest
    @EnumSource
    void aFullRingTakesNoMore(Bridge.Crossing crossing) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = open(pool, crossing);
             FrameBatch batch = bridge.newBatch(2 * CAPACITY)) {
            Numbered.lease(pool, batch, CAPACITY + 3);
            assertEquals(CAPACITY, bridge.send(batch));
            assertEquals(3, batch.size());
            assertEquals(0, bridge.send(batch, Duration.ofNanos(1)));
            assertEquals(CAPACITY, pool.audit().queued());
            assertEquals(0, pool.audit().duplicated());
            assertEquals(CAPACITY, bridge.statistics().rxQueued());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameThatGoesRoundIsOneHit(Bridge.Crossing crossing) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(5)) {
            try (Bridge loop = open(pool, crossing)) {
                Numbered.lease(pool, batch, 5);
                loop.send(batch);
                loop.receive(batch);
                assertEquals(5, pool.statistics().hits());
                batch.release();
            }
            assertEquals(5, pool.statistics().hits(), "the loop has left");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasSentIsReceivedAfterClose(Bridge.Crossing crossing) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = open(pool, crossing);
             FrameBatch batch = bridge.newBatch(CAPACITY); FrameBatch received = bridge.newBatch(CAPACITY)) {
            assertEquals(0, bridge.receive(received)); // has the end from here on
            fill(pool, batch, 0, 5);
            assertEquals(5, bridge.send(batch));
            Elsewhere.run(bridge::close);
            assertEquals(5, bridge.receive(received));
            assertEquals(5, Numbered.check(received, 0));
            assertEquals(-1, bridge.receive(received));
            Numbered.lease(pool, batch, 1);
            assertThrows(ClosedException.class, () -> bridge.send(batch));
        }
    }

    /// Nobody has the receive end: the frames are free at once.
    @ParameterizedTest
    @EnumSource
    void whatNobodyWillReceiveGoesBack(Bridge.Crossing crossing) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(CAPACITY)) {
            try (Bridge bridge = open(pool, crossing)) {
                Numbered.lease(pool, batch, CAPACITY);
                assertEquals(CAPACITY, bridge.send(batch));
            }
            assertEquals(0, pool.audit().queued());
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeWakesWhoWaits(Bridge.Crossing crossing) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            Bridge bridge = open(pool, crossing);
            Elsewhere<Integer> receiver = Sleepers.receiver(pool, bridge, false);
            bridge.close();
            assertEquals(-1, receiver.result());
        }
    }

    /// The number of a loop goes to a bridge with two rings.
    @ParameterizedTest
    @EnumSource
    void anotherDeviceAfterALoop(Bridge.Crossing crossing) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(CAPACITY)) {
            try (Bridge bridge = open(pool, crossing)) {
                Numbered.lease(pool, batch, 3);
                assertEquals(3, bridge.send(batch));
            }
            try (Bridge bridge = Bridge.builder(pool, Way.ANY_PORT).crossing(crossing).open();
                 OtherSide other = OtherSide.of(bridge)) {
                Numbered.lease(pool, batch, 0, 4, other.peer());
                assertEquals(4, bridge.send(batch, Numbered.LONG));
                other.receive(0, 4);
                other.send(0, 4);
                Numbered.receive(bridge, batch, 0, 4);
                batch.release();
            }
        }
    }

    @Test
    void nobodyDrivesIt() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            Bridge.Builder builder = Bridge.builder(pool, Loop.device()).mode(Bridge.Mode.INLINE);
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::open);
            assertTrue(e.getMessage().contains("THREADED"), e.getMessage());
            assertFalse(pool.isClosed());
        }
    }
}
