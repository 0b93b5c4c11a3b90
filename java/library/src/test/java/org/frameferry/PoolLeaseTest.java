// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Single frames: leased now, after a wait, into a handle of one's own, or from outside the pool; and what is said to who
/// does it wrongly.
class PoolLeaseTest {
    private static FramePool pool(int frames) {
        return FramePool.builder().frames(frames).frameSize(100).headroom(64).build();
    }

    @ParameterizedTest
    @EnumSource
    void everyFrameOnce(LeakTracking tracking) {
        try (FramePool pool = FramePool.builder().frames(100).leakTracking(tracking).build(); Audits _ = Audits.of(pool)) {
            for (int round = 0; round < 3; round++) {
                Frame[] frames = new Frame[100];
                Set<Long> seen = new HashSet<>();
                for (int i = 0; i < 100; i++) {
                    frames[i] = pool.lease();
                    assertTrue(seen.add(frames[i].metadataOffset()), "leased twice");
                    assertEquals(0, frames[i].length());
                    assertEquals(128, frames[i].headroom());
                    frames[i].put(7).push(3);
                }
                assertNull(pool.tryLease());
                assertEquals(new PoolAudit(100, 0, 0, 0, 0, 100, 0, 0), pool.audit());
                Arrays.asList(frames).forEach(Frame::release);
            }
        }
    }

    @Test
    void exhaustedSaysWhereTheFramesAre() {
        try (FramePool pool = FramePool.builder().name("small").frames(1).build(); Audits _ = Audits.of(pool);
             Frame _ = pool.lease()) {
            String now = assertThrows(PoolExhaustedException.class, pool::lease).getMessage();
            assertTrue(now.startsWith("no frame of small is free: ") && now.contains("leased=1"), now);
            String later = assertThrows(PoolExhaustedException.class, () -> pool.lease(Duration.ofNanos(5))).getMessage();
            assertTrue(later.startsWith("no frame of small is free after waiting for PT0.000000005S: "), later);
        }
    }

    @Test
    void aWaitEndsWithAFrame() throws Exception {
        try (FramePool pool = pool(2); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(2)) {
            Frame single = pool.newFrame();
            for (boolean byBatch : new boolean[] {false, true}) {
                assertTrue(pool.tryLease(single));
                assertEquals(1, pool.lease(batch, 1));
                Elsewhere<Void> waiter = Elsewhere.start(() -> {
                    pool.lease(Numbered.LONG).release();
                    return null;
                });
                Elsewhere.until(() -> waiter.thread().getState() == Thread.State.TIMED_WAITING);
                if (byBatch) {
                    batch.release();
                } else {
                    single.release();
                }
                waiter.result();
                if (byBatch) {
                    single.release();
                } else {
                    batch.release();
                }
            }
        }
    }

    /// One return tells one waiter, and each keeps its frame until the other has one, too.
    @Test
    void framesThatComeBackTogetherServeAllWhoWait() throws Exception {
        try (FramePool pool = pool(2); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(2)) {
            assertEquals(2, pool.lease(batch, 2));
            CyclicBarrier both = new CyclicBarrier(2);
            Callable<Integer> lease = () -> {
                try (Frame _ = pool.lease(Numbered.LONG)) {
                    return both.await();
                }
            };
            Elsewhere<Integer> one = Elsewhere.start(lease);
            Elsewhere<Integer> two = Elsewhere.start(lease);
            Elsewhere.until(() -> one.thread().getState() == Thread.State.TIMED_WAITING
                    && two.thread().getState() == Thread.State.TIMED_WAITING);
            batch.release();
            assertEquals(1, one.result() + two.result());
        }
    }

    @Test
    void virtualThreadsWaitAsWell() throws Exception {
        try (FramePool pool = pool(1); Audits _ = Audits.of(pool)) {
            Frame only = pool.lease();
            Elsewhere<Void> waiter = Elsewhere.startVirtual(() -> {
                pool.lease(Numbered.LONG).release();
                return null;
            });
            Elsewhere.until(() -> waiter.thread().getState() == Thread.State.TIMED_WAITING);
            only.release();
            waiter.result();
        }
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        try (FramePool pool = pool(1); Audits _ = Audits.of(pool); Frame _ = pool.lease()) {
            Elsewhere<Boolean> waiter = Elsewhere.start(() -> {
                assertThrows(PoolExhaustedException.class, () -> pool.lease(Numbered.LONG));
                return Thread.currentThread().isInterrupted();
            });
            Elsewhere.until(() -> waiter.thread().getState() == Thread.State.TIMED_WAITING);
            waiter.thread().interrupt();
            assertTrue(waiter.result(), "the status stays set");
        }
    }

    @Test
    void closingWakesWhoWaits() throws Exception {
        FramePool pool = pool(1);
        Frame only = pool.lease();
        Elsewhere<Void> waiter = Elsewhere.start(() -> {
            assertThrows(ClosedException.class, () -> pool.lease(Numbered.LONG));
            return null;
        });
        Elsewhere.until(() -> {
            assertThrows(LeasesOutstandingException.class, pool::close); // and the pool is open again
            return !waiter.thread().isAlive();
        });
        waiter.result();
        only.release();
        Audits.assertAtRest(pool);
        pool.close();
        assertThrows(ClosedException.class, pool::lease);
        assertThrows(ClosedException.class, pool::tryLease);
        assertThrows(ClosedException.class, () -> pool.tryLease(pool.newFrame()));
        assertThrows(ClosedException.class, () -> pool.lease(Numbered.LONG));
    }

    @Test
    void aHandleIsUsedAgainAndAgain() {
        try (FramePool pool = pool(2); Audits _ = Audits.of(pool); FramePool stranger = pool(1);
             FrameBatch batch = pool.newBatch(1)) {
            Frame handle = pool.newFrame();
            assertThrows(FrameReleasedException.class, handle::length);
            assertThrows(FrameReleasedException.class, handle::release);
            for (int i = 0; i < 1000; i++) {
                assertTrue(pool.tryLease(handle));
                assertEquals(0, handle.length());
                assertThrows(IllegalStateException.class, () -> pool.tryLease(handle), "still leased");
                handle.put(5).release();
                assertThrows(FrameReleasedException.class, handle::release);
            }
            assertThrows(ForeignFrameException.class, () -> stranger.tryLease(handle));
            pool.lease(batch, 1);
            assertThrows(IllegalArgumentException.class, () -> pool.tryLease(batch.get(0)));
            try (Frame _ = pool.lease()) {
                assertFalse(pool.tryLease(handle));
                assertThrows(FrameReleasedException.class, handle::release);
            }
        }
    }

    /// A late release must not take the frame from its next holder.
    @Test
    void releasedAfterItWasLeasedAgain() {
        try (FramePool pool = pool(1); Audits _ = Audits.of(pool)) {
            Frame first = pool.lease();
            first.release();
            try (Frame second = pool.lease()) {
                assertThrows(FrameReleasedException.class, first::release);
                assertThrows(FrameReleasedException.class, first::length);
                assertThrows(FrameReleasedException.class, first::share);
                assertEquals(0, second.length());
                assertEquals(1, pool.audit().leased());
            }
        }
    }

    @Test
    void outsideThePool() {
        try (FramePool pool = FramePool.builder().frames(1).overflow(Overflow.ALLOCATE).build();
             Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(2)) {
            Frame inside = pool.lease();
            Frame outside = pool.lease();
            assertNotEquals(inside.memory().address(), outside.memory().address());
            assertEquals(inside.capacity(), outside.capacity());
            assertEquals(inside.headroom(), outside.headroom());
            outside.copyIn(new byte[] {1, 2, 3}).push(2).tag(5);
            assertEquals(5, outside.tag());
            assertEquals(1, pool.audit().leased());
            String message = assertThrows(ForeignFrameException.class, () -> batch.add(outside)).getMessage();
            assertTrue(message.contains("outside its pool"), message);
            Frame holder = outside.share();
            outside.release();
            assertEquals(5, holder.length());
            holder.release();
            assertThrows(FrameReleasedException.class, holder::release);
            assertThrows(FrameReleasedException.class, outside::release);
            inside.release();
            try (Frame again = pool.lease()) {
                assertEquals(pool.memory().address(), again.memory().address(), "never pooled");
            }
        }
    }

    @Test
    void closeTellsWhereTheLeasesBegan() {
        FramePool pool = FramePool.builder().frames(4).leakTracking(LeakTracking.EVERY).build();
        Frame frame = pool.lease();
        FrameBatch batch = pool.newBatch(2);
        pool.lease(batch, 2);
        LeasesOutstandingException e = assertThrows(LeasesOutstandingException.class, pool::close);
        assertTrue(e.getMessage().contains("3 of its 4 frames are leased"), e.getMessage());
        assertEquals(2, e.getSuppressed().length, "a lease, and a batch");
        for (Throwable place : e.getSuppressed()) {
            assertTrue(Arrays.stream(place.getStackTrace())
                    .anyMatch(at -> at.getMethodName().equals("closeTellsWhereTheLeasesBegan")));
            assertTrue(place.getMessage().contains(Thread.currentThread().getName()), place.getMessage());
        }
        frame.release();
        batch.release();
        Audits.assertAtRest(pool);
        pool.close();
    }

    @Test
    void zeroedWhenTheyComeBack() {
        try (FramePool pool = FramePool.builder().frames(2).frameSize(64).zeroOnRelease(true).build();
             Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(2)) {
            for (int round = 0; round < 4; round++) {
                pool.lease(batch, 1);
                try (Frame single = pool.lease()) {
                    assertNotNull(single);
                    for (Frame frame : new Frame[] {single, batch.get(0)}) {
                        long from = frame.metadataOffset();
                        for (long at = from; at < from + pool.stride(); at++) {
                            assertEquals(0, frame.memory().get(ValueLayout.JAVA_BYTE, at));
                        }
                        frame.memory().asSlice(from, pool.stride()).fill((byte) 7);
                    }
                }
                batch.release();
            }
        }
    }
}
