// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// Leases and batches that nobody can reach any more, unreleased: found by the collector, reported with the place where
/// they began, and their frames are back.
class LeakRecoveryTest {
    private final ConcurrentLinkedQueue<FrameLeak> leaks = new ConcurrentLinkedQueue<>();

    private FramePool pool(LeakTracking tracking) {
        return FramePool.builder().name("leaky").frames(16).leakTracking(tracking).leakListener(leaks::add).build();
    }

    private static void collectUntil(BooleanSupplier done) throws InterruptedException {
        Elsewhere.until(() -> {
            System.gc();
            return done.getAsBoolean();
        });
    }

    private void assertLeak(int frames, String method) {
        FrameLeak leak = leaks.remove();
        assertEquals("leaky", leak.pool());
        assertEquals(frames, leak.frames());
        assertTrue(Arrays.stream(leak.place().getStackTrace()).anyMatch(at -> at.getMethodName().equals(method)),
                () -> Arrays.toString(leak.place().getStackTrace()));
        assertTrue(leaks.isEmpty());
    }

    private static void loseALease(FramePool pool) {
        pool.lease();
    }

    @Test
    void aLease() throws Exception {
        try (FramePool pool = pool(LeakTracking.EVERY); Audits _ = Audits.of(pool)) {
            loseALease(pool);
            assertEquals(1, pool.audit().leased());
            collectUntil(() -> !leaks.isEmpty());
            assertLeak(1, "loseALease");
            assertEquals(0, pool.audit().leased());
        }
    }

    private static void loseAHandle(FramePool pool) {
        Frame handle = pool.newFrame();
        for (int i = 0; i < 10; i++) {
            pool.tryLease(handle);
            handle.release();
        }
        pool.tryLease(handle);
    }

    @Test
    void aHandleUsedAgain() throws Exception {
        try (FramePool pool = pool(LeakTracking.EVERY); Audits _ = Audits.of(pool)) {
            loseAHandle(pool);
            collectUntil(() -> !leaks.isEmpty());
            assertLeak(1, "loseAHandle");
        }
    }

    private static void loseAHolder(Frame frame) {
        frame.share();
    }

    @Test
    void aHolderOfASharedFrame() throws Exception {
        try (FramePool pool = pool(LeakTracking.EVERY); Audits _ = Audits.of(pool)) {
            Frame frame = pool.lease().put(3);
            loseAHolder(frame);
            collectUntil(() -> !leaks.isEmpty());
            assertLeak(1, "loseAHolder");
            assertEquals(3, frame.length(), "the other holder has its frame");
            assertFalse(frame.isShared());
            frame.release();
        }
    }

    private static void loseABatch(FramePool pool) {
        FrameBatch batch = pool.newBatch(8);
        pool.lease(batch, 5);
        batch.detach(2).release();
    }

    @Test
    void aBatch() throws Exception {
        try (FramePool pool = pool(LeakTracking.SAMPLED); Audits _ = Audits.of(pool)) {
            loseABatch(pool);
            collectUntil(() -> !leaks.isEmpty());
            assertLeak(4, "loseABatch");
        }
    }

    private static void loseNothing(FramePool pool) {
        FrameBatch batch = pool.newBatch(4);
        batch.add(pool.lease());
        pool.lease(batch, 2);
        Frame detached = batch.detach(1);
        Frame holder = detached.share();
        detached.close();
        holder.close();
        batch.release();
    }

    /// What was released is no leak, however it was; and what is not tracked is not found.
    @Test
    void nothingElse() throws Exception {
        FramePool pool = pool(LeakTracking.EVERY);
        loseNothing(pool);
        pool.tuning().leakTracking(LeakTracking.OFF);
        loseALease(pool);
        pool.tuning().leakTracking(LeakTracking.EVERY);
        loseALease(pool); // when this one is found, those before it would have been
        collectUntil(() -> !leaks.isEmpty());
        assertLeak(1, "loseALease");
        assertEquals(1, pool.audit().leased(), "the one that was not tracked");
    }

    /// About one in 128 is tracked, so of a thousand times as many one is found.
    @Test
    void sampled() throws Exception {
        FramePool pool = FramePool.builder().frames(1 << 14).frameSize(64).leakListener(leaks::add).build();
        for (int i = 0; i < 1 << 14; i++) {
            loseALease(pool);
        }
        collectUntil(() -> !leaks.isEmpty() && pool.audit().leased() < 1 << 14);
    }

    @Test
    void aListenerThatThrowsDoesNoHarm() throws Exception {
        try (FramePool pool = FramePool.builder().frames(16).leakTracking(LeakTracking.EVERY).leakListener(leak -> {
            leaks.add(leak);
            throw new IllegalStateException("thrown by a test's listener: this is expected");
        }).build(); Audits _ = Audits.of(pool)) {
            loseALease(pool);
            collectUntil(() -> leaks.size() == 1);
            loseALease(pool);
            collectUntil(() -> leaks.size() == 2);
        }
    }
}
