// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Frames that lie in magazines are free: whatever thread put them there, alive, at rest or gone, anybody can lease them,
/// and none is lost.
class MagazineThreadsTest {
    private static FramePool pool(int frames) {
        return FramePool.builder().frames(frames).frameSize(64).build();
    }

    /// Leaves frames in the current thread's magazine.
    private static void fillMagazine(FramePool pool) {
        pool.lease().release();
        assertTrue(pool.audit().cached() > 0, "nothing lies in a magazine");
    }

    private static void leaseAll(FramePool pool) {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < pool.frames(); i++) {
            Frame frame = pool.tryLease();
            assertNotNull(frame, () -> "after " + frames.size() + ": " + pool.audit());
            frames.add(frame);
        }
        frames.forEach(Frame::release);
    }

    @Test
    void theFramesOfAThreadThatEndedCanBeLeased() throws Exception {
        try (FramePool pool = pool(64); Audits _ = Audits.of(pool)) {
            Elsewhere.run(() -> fillMagazine(pool));
            leaseAll(pool);
        }
    }

    @Test
    void theFramesOfAThreadThatEndedComeBackByThemselves() throws Exception {
        try (FramePool pool = pool(64); Audits _ = Audits.of(pool)) {
            Elsewhere.run(() -> fillMagazine(pool));
            pool.trim();
            assertEquals(0, pool.magazines().owned());
            assertEquals(64, pool.audit().free());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFramesOfALivingThreadCanBeLeased(boolean byBatch) throws Exception {
        try (FramePool pool = pool(64); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(64)) {
            CountDownLatch filled = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(1);
            Elsewhere<Void> other = Elsewhere.start(() -> {
                fillMagazine(pool);
                filled.countDown();
                done.await();
                pool.lease().release(); // it goes on as if nothing had happened
                return null;
            });
            filled.await();
            if (byBatch) {
                assertEquals(64, pool.lease(batch, 64));
                batch.release();
            } else {
                leaseAll(pool);
            }
            done.countDown();
            other.result();
        }
    }

    /// Whoever takes frames out of the depot, or out of a magazine, has them in hand for a moment, where nobody finds them:
    /// that is no reason to refuse others.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void framesInSomebodysHandsAreWaitedFor(boolean claimed) throws Exception {
        try (FramePool pool = pool(64); Audits _ = Audits.of(pool)) {
            fillMagazine(pool);
            Magazine mine = pool.magazines().mine();
            assertTrue(claimed ? mine.claim() : mine.enter());
            try {
                mine.flush();
                assertTrue(Elsewhere.start(pool.magazines()::gather).result(), "there may be frames to come");
            } finally {
                if (claimed) {
                    mine.unclaim();
                } else {
                    mine.leave();
                }
            }
            assertFalse(pool.magazines().gather(), "nobody has any frame in hand");
        }
    }

    /// More than may have a magazine, and more than there are frames.
    @Test
    void manyPlatformThreads() throws Exception {
        try (FramePool pool = pool(16); Audits _ = Audits.of(pool)) {
            pool.tuning().magazines(4);
            List<Elsewhere<Void>> threads = new ArrayList<>();
            for (int t = 0; t < 40; t++) {
                threads.add(Elsewhere.start(() -> {
                    for (int i = 0; i < 500; i++) {
                        pool.lease(Numbered.LONG).release();
                    }
                    return null;
                }));
            }
            for (Elsewhere<Void> thread : threads) {
                thread.result();
            }
            assertTrue(pool.magazines().owned() <= 4);
        }
    }

    /// A million leases by 10,000 of them, over 64 frames: each gets its turn, and holds a frame that nobody else holds.
    @Test
    void virtualThreadsNeitherStarveNorLeak() throws Exception {
        try (FramePool pool = pool(64); Audits _ = Audits.of(pool)) {
            AtomicIntegerArray holders = new AtomicIntegerArray(64);
            AtomicInteger leases = new AtomicInteger();
            ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 10_000; t++) {
                threads.add(Thread.ofVirtual().uncaughtExceptionHandler((_, e) -> failures.add(e)).start(() -> {
                    for (int i = 0; i < 100; i++) {
                        try (Frame frame = pool.lease(Numbered.LONG)) {
                            int index = (int) (frame.metadataOffset() / pool.stride());
                            assertEquals(1, holders.incrementAndGet(index), "held twice");
                            if (i % 16 == 0) {
                                Thread.yield(); // others find it leased
                            }
                            holders.decrementAndGet(index);
                            leases.incrementAndGet();
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertTrue(failures.isEmpty(), () -> failures.peek().toString());
            assertEquals(1_000_000, leases.get());
        }
    }

    /// Many more threads than places in the table, one after the other and some at the same time.
    @Test
    void threadsComeAndGo() throws Exception {
        try (FramePool pool = pool(256); Audits _ = Audits.of(pool)) {
            for (int round = 0; round < 3000; round += 3) {
                List<Elsewhere<Void>> threads = new ArrayList<>();
                for (int t = 0; t < 3; t++) {
                    threads.add(Elsewhere.start(() -> {
                        pool.lease().release();
                        return null;
                    }));
                }
                for (Elsewhere<Void> thread : threads) {
                    thread.result();
                }
            }
            leaseAll(pool);
        }
    }

    /// A poller that is out of frames sleeps until one comes to the depot. With a bridge open no frame rests in a magazine.
    @ParameterizedTest
    @EnumSource
    void aStarvingReceiverGetsWhatIsReleasedSingly(Bridge.Crossing crossing) throws Exception {
        try (FramePool pool = FramePool.builder().frames(8).frameSize(128).build(); Audits _ = Audits.of(pool)) {
            fillMagazine8(pool);
            try (Bridge bridge = new Way(Bridge.Mode.THREADED, crossing).open(pool);
                 OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(8)) {
                assertEquals(0, pool.audit().leased());
                List<Frame> held = new ArrayList<>();
                for (Frame frame; (frame = pool.tryLease()) != null;) {
                    held.add(frame);
                }
                other.send(0, 8);
                Elsewhere.until(() -> bridge.statistics().starved() > 0);
                for (int i = 0; i < 8; i++) {
                    held.removeLast().release();
                    Numbered.receive(bridge, batch, i, i + 1);
                    assertEquals(1, batch.size());
                    held.add(0, batch.detach(0));
                }
                held.forEach(Frame::release);
            }
            assertFalse(pool.isClosed());
            fillMagazine8(pool); // and after the bridge, magazines are there again
        }
    }

    /// A bridge that goes finds itself the last one, and before it has said so another comes.
    @Test
    void whileBridgesComeAndGoNoFrameRests() throws Exception {
        try (FramePool pool = pool(64); Audits _ = Audits.of(pool)) {
            Way way = new Way(Bridge.Mode.THREADED, Bridge.Crossing.BATCHED);
            Bridge first = way.open(pool);
            Elsewhere<Void> closer;
            Bridge second;
            synchronized (pool.magazines()) {
                closer = Elsewhere.start(() -> {
                    first.close();
                    return null;
                });
                Elsewhere.until(() -> closer.thread().getState() == Thread.State.BLOCKED);
                second = way.open(pool);
            }
            closer.result();
            try (second) {
                pool.lease().release();
                Elsewhere.until(() -> pool.audit().free() == 64); // the poller may have held some
            }
        }
    }

    /// Native code tells nobody of a frame that it gives back. Who began to wait before there was a bridge looks all the same.
    @Test
    void aBridgeOpensWhileSomebodyWaits() throws Exception {
        try (FramePool pool = pool(1); Audits _ = Audits.of(pool)) {
            Frame frame = pool.lease();
            pool.magazines().waiters.lookAfter(Numbered.LONG.toNanos());
            Elsewhere<Void> waiter = Elsewhere.start(() -> {
                pool.lease(Numbered.LONG).release();
                return null;
            });
            Elsewhere.until(() -> waiter.thread().getState() == Thread.State.TIMED_WAITING);
            try (Bridge _ = new Way(Bridge.Mode.INLINE, Bridge.Crossing.BATCHED).open(pool)) {
                Elsewhere.until(() -> waiter.thread().getState() == Thread.State.TIMED_WAITING); // in vain, so far
                NativeGate.giveOne(pool.handle(), frame.giveUp()); // as native code does
                waiter.result();
            }
        }
    }

    private static void fillMagazine8(FramePool pool) {
        pool.lease().release();
        assertEquals(0, pool.audit().leased());
    }
}
