// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// A pool of several classes: the smallest that fits, the next larger if allowed, and a frame always goes back to its own.
class SizedFramePoolTest {
    private static SizedFramePool.Builder small() {
        return SizedFramePool.builder().frames(100, 2).frames(1000, 2).frames(64, 1);
    }

    private static void assertAtRest(SizedFramePool pool) {
        pool.classes().forEach(Audits::assertAtRest);
        assertEquals(pool.classes().stream().mapToInt(FramePool::frames).sum(), pool.audit().frames());
        assertEquals(0, pool.audit().leased());
        assertTrue(pool.audit().sound());
    }

    @Test
    void theSmallestClassThatFits() {
        try (SizedFramePool pool = small().build()) {
            assertEquals(List.of(64, 100, 1000), pool.classes().stream().map(FramePool::frameSize).toList());
            for (int bytes : new int[] {0, 17, 64, 65, 100, 101, 1000}) {
                try (Frame frame = pool.lease(bytes)) {
                    int size = bytes <= 64 ? 64 : bytes <= 100 ? 100 : 1000;
                    assertEquals(size, frame.pool().frameSize());
                    assertSame(frame.pool(), pool.pool(bytes));
                    assertTrue(frame.tailroom() >= bytes);
                    assertEquals(1, frame.pool().audit().leased());
                }
            }
            assertAtRest(pool);
        }
    }

    @Test
    void anEmptyClassRefuses() {
        try (SizedFramePool pool = small().build(); Frame _ = pool.lease(17)) {
            assertNull(pool.tryLease(17));
            String message = assertThrows(PoolExhaustedException.class, () -> pool.lease(17)).getMessage();
            assertTrue(message.contains("leased=1"), message);
            assertThrows(PoolExhaustedException.class, () -> pool.lease(17, Duration.ofNanos(1)));
        }
    }

    @Test
    void orTakesTheNextLarger() {
        try (SizedFramePool pool = small().nextLarger(true).build()) {
            List<Frame> frames = new ArrayList<>();
            for (Frame frame; (frame = pool.tryLease(17)) != null;) {
                frames.add(frame);
            }
            assertEquals(List.of(64, 100, 100, 1000, 1000),
                    frames.stream().map(frame -> frame.pool().frameSize()).toList());
            frames.forEach(Frame::release);
            assertAtRest(pool);
        }
    }

    @Test
    void orAllocatesOutside() {
        try (SizedFramePool pool = small().nextLarger(true).overflow(Overflow.ALLOCATE).build()) {
            List<Frame> frames = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                frames.add(pool.lease(90));
            }
            assertEquals(4, pool.audit().leased(), "two of 100, two of 1000");
            Frame outside = frames.getLast();
            assertEquals(100, outside.put(100).length());
            frames.forEach(Frame::release);
            assertThrows(FrameReleasedException.class, outside::length);
            assertAtRest(pool);
        }
    }

    /// As in a pool of one class: patience comes before memory from outside.
    @Test
    void waitsBeforeItAllocatesOutside() throws Exception {
        for (boolean nextLarger : new boolean[] {false, true}) {
            try (SizedFramePool pool = SizedFramePool.builder().frames(64, 1).nextLarger(nextLarger)
                    .overflow(Overflow.ALLOCATE).build()) {
                Frame only = pool.lease(17);
                Elsewhere<PoolStatistics> waiting = Elsewhere.start(() -> {
                    try (Frame _ = pool.lease(17, Numbered.LONG)) {
                        return pool.statistics();
                    }
                });
                Elsewhere.until(() -> pool.statistics().waits() == 1 || !waiting.thread().isAlive());
                only.release();
                assertEquals(1, waiting.result().waits());
                assertEquals(0, waiting.result().overflows());
                assertAtRest(pool);
            }
        }
    }

    /// Asked for once, counted once: by each class that was asked in vain.
    @Test
    void oneLeaseIsOneMiss() {
        try (SizedFramePool pool = small().nextLarger(true).build()) {
            List<Frame> frames = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                frames.add(pool.lease(17));
            }
            assertEquals(List.of(4L, 2L, 0L), pool.classes().stream().map(c -> c.statistics().misses()).toList());
            assertNull(pool.tryLease(17));
            assertThrows(PoolExhaustedException.class, () -> pool.lease(17));
            assertThrows(PoolExhaustedException.class, () -> pool.lease(17, Duration.ofNanos(1)));
            assertEquals(List.of(7L, 5L, 3L), pool.classes().stream().map(c -> c.statistics().misses()).toList());
            assertEquals(5, pool.statistics().hits());
            frames.forEach(Frame::release);
        }
    }

    /// Whichever way a frame is tried to get into another class, it is refused, and goes back to its own.
    @Test
    void aFrameGoesBackToItsOwnClassOnly() throws Exception {
        try (SizedFramePool pool = SizedFramePool.builder().audio().build();
             FrameBatch audio = pool.pool(1500).newBatch(2); FrameBatch headers = pool.pool(17).newBatch(2)) {
            Frame control = pool.lease(17);
            assertThrows(ForeignFrameException.class, () -> audio.add(control));
            assertThrows(ForeignFrameException.class, () -> pool.pool(1500).lease(headers, 1));
            assertEquals(64, control.put(64).length(), "still leased");
            control.release();
            assertThrows(ForeignFrameException.class, () -> pool.pool(1500).tryLease(control));
            assertThrows(FrameReleasedException.class, control::release);
            Elsewhere.run(() -> { // released by another thread: that thread's magazines are by pool, too
                for (int i = 0; i < 10_000; i++) {
                    try (Frame sound = pool.lease(1500); Frame header = pool.lease(17)) {
                        assertEquals(1500, sound.put(1500).length());
                        assertEquals(64, header.pool().frameSize());
                    }
                }
            });
            assertAtRest(pool);
        }
    }

    @Test
    void closeSaysWhichClassHasLeases() {
        SizedFramePool pool = small().build();
        Frame frame = pool.lease(100);
        String message = assertThrows(LeasesOutstandingException.class, pool::close).getMessage();
        assertTrue(message.contains("(2 frames of 100 bytes) cannot be closed: 1 of its 2 frames"), message);
        frame.release();
        pool.close();
    }

    @Test
    void waitsForItsOwnClass() throws Exception {
        try (SizedFramePool pool = small().build()) {
            Frame only = pool.lease(17);
            Elsewhere<Integer> waiting = Elsewhere.start(() -> {
                try (Frame frame = pool.lease(17, Numbered.LONG)) {
                    return frame.pool().frameSize();
                }
            });
            only.release();
            assertEquals(64, waiting.result());
            assertAtRest(pool);
        }
    }

    @Test
    void closedOnlyAsAWhole() {
        SizedFramePool pool = small().name("sized").build();
        Frame frame = pool.lease(1000);
        String message = assertThrows(LeasesOutstandingException.class, pool::close).getMessage();
        assertTrue(message.startsWith("sized-1000 (2 frames of 1000 bytes) cannot be closed: 1 of its 2 frames"), message);
        for (FramePool each : pool.classes()) {
            assertFalse(each.isClosed());
        }
        try (Frame other = pool.lease(17)) {
            assertNotNull(other);
        }
        frame.release();
        pool.close();
        pool.close();
        assertThrows(ClosedException.class, () -> pool.tryLease(17));
        assertThrows(ClosedException.class, pool::audit);
    }

    @Test
    void presets() {
        try (SizedFramePool audio = SizedFramePool.builder().audio().each(pool -> pool.headroom(64)).build();
             SizedFramePool general = SizedFramePool.builder().smallMediumLarge().build();
             Frame header = audio.lease(17); Frame sound = audio.lease(1276); Frame large = general.lease(1 << 20)) {
            assertEquals(64, header.pool().frameSize());
            assertEquals(1500, sound.pool().frameSize());
            assertEquals(64, sound.headroom());
            assertTrue(large.tailroom() >= 1 << 20);
        }
    }

    @Test
    void badInput() {
        SizedFramePool.Builder builder = small();
        assertEquals("there is a class of 100 bytes already",
                assertThrows(IllegalArgumentException.class, () -> builder.frames(100, 1)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> builder.frames(63, 1));
        assertThrows(IllegalArgumentException.class, () -> builder.frames(200, 0));
        assertThrows(IllegalArgumentException.class, () -> builder.name(" "));
        assertThrows(IllegalStateException.class, () -> SizedFramePool.builder().build());
        try (SizedFramePool pool = builder.build()) {
            assertEquals("bytes 1001 is more than the 1000 of the largest class",
                    assertThrows(IllegalArgumentException.class, () -> pool.tryLease(1001)).getMessage());
            assertThrows(IllegalArgumentException.class, () -> pool.lease(-1));
            assertThrows(IllegalArgumentException.class, () -> pool.pool(1001));
        }
    }

    /// Leases and releases in any order, against counts: one of each class, and what is larger if that is allowed.
    @Property(tries = 200)
    void followsTheModel(@ForAll @Size(max = 80) List<@IntRange(min = -20, max = 1000) Integer> steps,
            @ForAll boolean nextLarger) {
        int[] sizes = {64, 100, 1000};
        int[] free = {1, 2, 2};
        List<Frame> held = new ArrayList<>();
        try (SizedFramePool pool = small().nextLarger(nextLarger).build()) {
            for (int step : steps) {
                if (step < 0) {
                    if (!held.isEmpty()) {
                        Frame frame = held.remove(-step % held.size());
                        free[List.of(64, 100, 1000).indexOf(frame.pool().frameSize())]++;
                        frame.release();
                    }
                    continue;
                }
                int k = step <= 64 ? 0 : step <= 100 ? 1 : 2;
                while (nextLarger && k < 2 && free[k] == 0) {
                    k++;
                }
                Frame frame = pool.tryLease(step);
                assertEquals(free[k] != 0, frame != null);
                if (frame != null) {
                    assertEquals(sizes[k], frame.pool().frameSize());
                    free[k]--;
                    held.add(frame);
                }
                assertEquals(held.size(), pool.audit().leased());
            }
            held.forEach(Frame::release);
            assertAtRest(pool);
        }
    }
}
