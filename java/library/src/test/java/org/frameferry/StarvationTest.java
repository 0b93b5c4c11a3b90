// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// No frame to receive into, or no room in the ring: what comes in waits in the kernel, and a frame given back, or
/// taken, sets it moving again. Nothing is lost as long as the kernel's buffer holds it.
class StarvationTest {
    private static final int FRAMES = 16;
    private static final int DATAGRAMS = 200;

    private static FramePool pool() {
        return FramePool.builder().frames(FRAMES).frameSize(128).build();
    }

    /// Receives and keeps until the pool is empty.
    private static Deque<Frame> starve(Bridge bridge, FrameBatch batch) {
        Deque<Frame> kept = new ArrayDeque<>();
        while (kept.size() < FRAMES) {
            assertTrue(bridge.receive(batch, Numbered.LONG) > 0);
            while (!batch.isEmpty()) {
                kept.add(batch.detach(0));
            }
        }
        return kept;
    }

    /// How frames come back to a starved bridge.
    enum Return {
        /// One by one.
        DETACHED {
            @Override
            void giveBack(FramePool pool, FrameBatch spare, Frame frame) {
                frame.release();
            }
        },
        /// In a batch.
        BATCH {
            @Override
            void giveBack(FramePool pool, FrameBatch spare, Frame frame) {
                spare.add(frame);
                spare.release();
            }
        };

        abstract void giveBack(FramePool pool, FrameBatch spare, Frame frame);
    }

    private static void nothingIsLost(Way way, Return how, boolean fromAnotherThread) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(8)) {
            other.send(0, DATAGRAMS);
            Deque<Frame> kept = starve(bridge, batch);
            assertEquals(0, bridge.receive(batch, Duration.ofMillis(5)), "there is no frame left");
            Elsewhere.until(() -> bridge.statistics().starved() > 0);
            for (int next = 0; next < DATAGRAMS; next++) {
                if (kept.isEmpty()) {
                    assertTrue(bridge.receive(batch, Numbered.LONG) > 0, "after datagram " + next);
                    while (!batch.isEmpty()) {
                        kept.add(batch.detach(0));
                    }
                }
                Frame frame = kept.remove();
                assertEquals(next, Numbered.read(frame));
                if (fromAnotherThread) {
                    Elsewhere.run(() -> how.giveBack(pool, pool.newBatch(1), frame));
                } else {
                    how.giveBack(pool, batch.isEmpty() ? batch : pool.newBatch(1), frame);
                }
            }
            assertEquals(DATAGRAMS, bridge.statistics().rxFrames());
            assertEquals(0, bridge.statistics().rxDroppedDevice() + bridge.statistics().rxDroppedNoFrame());
        }
    }

    @EachWay
    void releasedByTheReceiver(Way way) throws Exception {
        for (Return how : Return.values()) {
            nothingIsLost(way, how, false);
        }
    }

    @EachWay
    void releasedByAnotherThread(Way way) throws Exception {
        for (Return how : Return.values()) {
            nothingIsLost(way, how, true);
        }
    }

    /// The receiver sleeps, with the pool empty and datagrams waiting, when another thread gives a frame back.
    @EachWay
    void aFrameGivenBackWakesTheSleeper(Way way) throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
                 OtherSide other = OtherSide.of(bridge); FrameBatch batch = pool.newBatch(FRAMES)) {
                Numbered.lease(pool, batch, FRAMES);
                other.send(0, 1);
                Elsewhere<Integer> receiver = Sleepers.receiver(pool, bridge, virtual);
                Elsewhere.until(() -> bridge.statistics().starved() > 0);
                batch.detach(0).release();
                assertEquals(1, receiver.result());
            }
        }
    }

    /// Two bridges live on a pool that is too small for both: what one gives up wakes the other.
    @EachWay
    void oneBridgesFramesAreTheOthers(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge one = way.open(pool);
             Bridge two = way.open(pool)) {
            Elsewhere<Void> ones = Elsewhere.start(() -> receiveMany(pool, one));
            Elsewhere<Void> twos = Elsewhere.start(() -> receiveMany(pool, two));
            ones.result();
            twos.result();
        }
    }

    private static Void receiveMany(FramePool pool, Bridge bridge) throws IOException {
        try (OtherSide other = OtherSide.of(bridge); FrameBatch batch = pool.newBatch(8)) {
            for (int i = 0; i < 2000; i += 20) {
                other.send(i, i + 20);
                Numbered.receive(bridge, batch, i, i + 20);
            }
        }
        return null;
    }

    /// A bridge that rests keeps no frame for itself, even if its thread never comes back to it.
    @EachWay
    void aRestingBridgeKeepsNoFrame(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge one = way.open(pool);
             Bridge two = way.open(pool); OtherSide ones = OtherSide.of(one); OtherSide twos = OtherSide.of(two);
             FrameBatch batch = pool.newBatch(FRAMES)) {
            ones.send(0, 10);
            Numbered.receive(one, batch, 0, 10);
            assertEquals(0, one.receive(batch));
            Elsewhere.until(() -> pool.audit().free() == FRAMES);
            Numbered.lease(pool, batch, FRAMES);
            batch.release();
            twos.send(0, 10);
            Numbered.receive(two, batch, 0, 10);
        }
    }

    @EachWay
    void closeOfAStarvedBridge(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(FRAMES)) {
            try (Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge)) {
                Numbered.lease(pool, batch, FRAMES);
                other.send(0, 10);
                assertEquals(0, bridge.receive(bridge.newBatch(1), Duration.ofMillis(1)));
                Elsewhere.until(() -> bridge.statistics().starved() > 0);
            }
            assertEquals(FRAMES, pool.audit().leased());
        }
    }

    /// One slot each way: the poller blocks on the full ring for every frame, and taking that frame wakes it.
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("org.frameferry.BridgeReceiveTest#strategies")
    void aRingOfOne(Way way, WaitStrategy strategy) throws Exception {
        try (FramePool pool = FramePool.builder().frames(64).ringCapacity(1).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.builder(pool, Way.ANY_PORT).waitStrategy(strategy).open();
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(50)) {
            other.send(0, DATAGRAMS);
            Elsewhere.until(() -> way.isInline() || bridge.statistics().blocked() > 0);
            for (int i = 0; i < DATAGRAMS; i++) {
                assertEquals(1, bridge.receive(batch, Numbered.LONG));
                assertEquals(i, Numbered.read(batch.get(0)));
            }
            batch.release();
            Elsewhere.until(() -> pool.audit().free() == 64); // and none in the magazine of a poller about to sleep
            Numbered.lease(pool, batch, 0, 50, other.peer());
            assertEquals(50, bridge.send(batch, Numbered.LONG));
            other.receive(0, 50);
            assertEquals(0, bridge.statistics().rxDroppedRingFull() + bridge.statistics().rxDroppedDevice());
        }
    }

    @EachWay
    void aPoolOfOne(Way way) throws IOException {
        try (FramePool pool = FramePool.builder().frames(1).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(4)) {
            other.send(0, DATAGRAMS);
            for (int i = 0; i < DATAGRAMS; i++) {
                assertEquals(1, bridge.receive(batch, Numbered.LONG));
                assertEquals(i, Numbered.read(batch.get(0)));
                assertEquals(1, bridge.send(batch, Numbered.LONG), "there and back");
            }
            other.receive(0, DATAGRAMS);
        }
    }
}
