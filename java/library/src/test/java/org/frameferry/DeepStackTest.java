// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// A stack that overflows in the middle of a call. Of a lease: the thread leaves its magazine all the same, or whoever has
/// to take frames out of it, the keeper first, would wait for a thread that rests. Of a receive or a send: each frame is
/// where it was, or where it was to go.
class DeepStackTest {
    private static final int CIRCULATING = 8;

    private static void leaseEverDeeper(FramePool pool, Frame handle) {
        if (pool.tryLease(handle)) {
            handle.release();
        }
        leaseEverDeeper(pool, handle);
    }

    private static void overflow(FramePool pool) {
        Frame handle = pool.newFrame();
        try {
            leaseEverDeeper(pool, handle);
        } catch (StackOverflowError e) {
            try {
                handle.release();
            } catch (FrameReleasedException released) {
                return; // it was not leased when that happened
            }
        }
    }

    /// The first look sets the time from which on a magazine rests; the keeper may have looked before, or may not.
    private static void restEveryMagazine(FramePool pool) throws Exception {
        Elsewhere.run(() -> {
            pool.trim(0);
            pool.trim(Long.MAX_VALUE);
        });
    }

    /// The stack may overflow in leaving, too. Then nobody is inside who could be waited for.
    @Test
    void aThreadThatRestsInsideIsNotWaitedFor() throws Exception {
        FramePool pool = FramePool.builder().frames(1024).frameSize(64).leakTracking(LeakTracking.OFF).build();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Elsewhere<Void> resting = Elsewhere.start(() -> {
            pool.lease().release();
            assertTrue(pool.magazines().mine().enter());
            inside.countDown();
            done.await();
            pool.lease().release();
            return null;
        });
        inside.await();
        restEveryMagazine(pool);
        assertEquals(0, pool.audit().cached());
        done.countDown();
        resting.result();
        Elsewhere.run(pool::close);
    }

    @Test
    void leavesItsMagazine() throws Exception {
        FramePool pool = FramePool.builder().frames(1024).frameSize(64).leakTracking(LeakTracking.OFF).build();
        for (int round = 0; round < 20; round++) {
            CountDownLatch overflowed = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(1);
            Elsewhere<Void> resting = Elsewhere.start(() -> {
                for (int i = 0; i < 10; i++) {
                    overflow(pool);
                }
                overflowed.countDown();
                done.await();
                return null;
            });
            overflowed.await();
            restEveryMagazine(pool);
            assertEquals(0, pool.audit().cached());
            done.countDown();
            resting.result();
        }
        assertTrue(pool.audit().sound());
    }

    private static void fillEverDeeper(FramePool pool, FrameBatch batch, int n) {
        pool.lease(batch, n);
        batch.release();
        fillEverDeeper(pool, batch, n);
    }

    private static void overflow(int calls, FramePool pool, FrameBatch batch, int n) {
        if (calls > 0) {
            overflow(calls - 1, pool, batch, n);
        } else {
            assertThrows(StackOverflowError.class, () -> fillEverDeeper(pool, batch, n));
        }
    }

    /// Its magazine exchanges frames with the depot in every other call.
    @Test
    void aBatchKeepsItsFrames() throws Exception {
        try (FramePool pool = FramePool.builder().frames(256).frameSize(64).build(); Audits _ = Audits.of(pool)) {
            Elsewhere.run(() -> {
                try (FrameBatch batch = pool.newBatch(100)) {
                    for (int round = 0; round < Deep.often(30); round++) {
                        overflow(round % 10, pool, batch, 1 + round % 100);
                        PoolAudit audit = pool.audit();
                        assertEquals(batch.size(), audit.leased(), audit::toString);
                        assertTrue(audit.sound(), audit::toString);
                        batch.release();
                    }
                }
            });
        }
    }

    /// The bridge sends to itself, so that frames come and go at every depth.
    private static void circulateEverDeeper(Bridge bridge, FrameBatch batch, Duration patience) {
        bridge.send(batch, patience);
        bridge.receive(batch, patience);
        circulateEverDeeper(bridge, batch, patience);
    }

    /// Begins so many calls further down, for the stack to end somewhere else each time.
    private static void overflow(int calls, Bridge bridge, FrameBatch batch, Duration patience) {
        if (calls > 0) {
            overflow(calls - 1, bridge, batch, patience);
        } else {
            assertThrows(StackOverflowError.class, () -> circulateEverDeeper(bridge, batch, patience));
        }
    }

    /// Not one frame is missing, and none has become two.
    private static void assertAllCirculate(Bridge bridge, FrameBatch batch) {
        boolean[] seen = new boolean[CIRCULATING];
        for (int left = CIRCULATING; left > 0;) {
            bridge.send(batch, Numbered.LONG);
            assertTrue(bridge.receive(batch, Numbered.LONG) > 0);
            for (Frame frame : batch) {
                int number = (int) Numbered.read(frame);
                left -= seen[number] ? 0 : 1;
                seen[number] = true;
            }
        }
    }

    @EachWay
    void aBridgeKeepsItsFrames(Way way) throws Exception {
        try (FramePool pool = FramePool.builder().frames(64).frameSize(256).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.open(pool)) {
            Elsewhere.run(() -> {
                try (FrameBatch batch = pool.newBatch(CIRCULATING)) {
                    Numbered.lease(pool, batch, 0, CIRCULATING, Peer.of(bridge.localAddress()));
                    for (int round = 0; round < Deep.often(30); round++) {
                        overflow(round % 10, bridge, batch, round % 2 == 0 ? Duration.ZERO : Duration.ofNanos(1));
                        assertAllCirculate(bridge, batch);
                    }
                }
            });
        }
    }
}
