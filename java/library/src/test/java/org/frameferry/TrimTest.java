// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Exchanger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Magazines that rest, under a clock that the test turns by hand. The keeper's thread looks at the pool as well, by the
/// same clock, whenever it likes.
@SuppressWarnings("try") // a thread is joined on close, which may be interrupted
class TrimTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(-5 * SECOND);

    private FramePool pool() {
        FramePoolBuilder builder = FramePool.builder().frames(1024).frameSize(64);
        builder.clock = now::get;
        return builder.build();
    }

    /// A thread with a magazine, which leases when it is told to.
    private static final class Leaser implements AutoCloseable {
        private final Exchanger<Boolean> turn = new Exchanger<>();
        private final Elsewhere<Void> thread;

        Leaser(FramePool pool) throws InterruptedException {
            thread = Elsewhere.start(() -> {
                while (turn.exchange(null)) {
                    pool.lease().release();
                    turn.exchange(null);
                }
                return null;
            });
            lease();
        }

        void lease() throws InterruptedException {
            turn.exchange(true);
            turn.exchange(null);
        }

        @Override
        public void close() throws Exception {
            turn.exchange(false);
            thread.result();
        }
    }

    /// Looks `seconds` later.
    private void later(FramePool pool, long seconds) {
        now.addAndGet(seconds * SECOND);
        pool.trim();
    }

    @Test
    void aMagazineRestsForAMinute() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Leaser one = new Leaser(pool)) {
            assertTrue(pool.audit().cached() > 0);
            later(pool, 0);
            later(pool, 59);
            assertEquals(1, pool.magazines().owned());
            one.lease();
            later(pool, 1); // it rests from now on, or for a second: the keeper may have looked before
            later(pool, 58);
            assertEquals(1, pool.magazines().owned(), "it was used meanwhile");
            later(pool, 2);
            assertEquals(0, pool.magazines().owned());
            assertEquals(1024, pool.audit().free());
            one.lease();
            assertEquals(1, pool.magazines().owned(), "its thread has another one");
        }
    }

    @Test
    void aPressedPoolIsQuicker() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Leaser _ = new Leaser(pool)) {
            later(pool, 0);
            later(pool, 15);
            pool.recordLatency(Duration.ofMillis(10));
            later(pool, 0);
            assertEquals(1, pool.magazines().owned(), "10 ms are not more than 10 ms");
            pool.recordLatency(Duration.ofNanos(10_000_001));
            later(pool, 0);
            assertEquals(0, pool.magazines().owned());
        }
    }

    @Test
    void aLatencyGoesStale() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Leaser one = new Leaser(pool)) {
            later(pool, 0);
            later(pool, 14);
            pool.recordLatency(Duration.ofSeconds(1));
            one.lease();
            later(pool, 0);
            later(pool, 20);
            assertEquals(1, pool.magazines().owned(), "told 20 s ago");
        }
    }

    @Test
    void theOldestOfTooManyGo() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            List<Leaser> leasers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                leasers.add(new Leaser(pool));
                later(pool, 1);
            }
            assertEquals(8, pool.magazines().owned());
            for (int i = 0; i < 3; i++) { // the first three are the youngest now
                leasers.get(i).lease();
                later(pool, 1);
            }
            pool.tuning().magazines(6);
            later(pool, 1);
            assertEquals(3, pool.magazines().owned(), "half of what is allowed");
            for (int i = 0; i < 3; i++) {
                long hits = pool.magazines().hits();
                leasers.get(i).lease();
                assertEquals(hits + 1, pool.magazines().hits());
                assertEquals(3, pool.magazines().owned(), "it still had one");
            }
            leasers.get(3).lease();
            assertEquals(4, pool.magazines().owned(), "it had none any more");
            for (Leaser leaser : leasers) {
                leaser.close();
            }
        }
    }

    @Test
    void fewerMagazinesUnderPressure() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Leaser _ = new Leaser(pool);
             Leaser _ = new Leaser(pool); Leaser _ = new Leaser(pool); Leaser _ = new Leaser(pool)) {
            pool.tuning().pressedMagazines(2);
            later(pool, 0);
            assertEquals(4, pool.magazines().owned());
            pool.recordLatency(Duration.ofMillis(50));
            later(pool, 1);
            assertEquals(1, pool.magazines().owned());
        }
    }

    @Test
    void thresholdsChangeWhileThePoolRuns() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Leaser one = new Leaser(pool)) {
            PoolTuning tuning = pool.tuning();
            later(pool, 0);
            later(pool, 30);
            tuning.timeToLive(Duration.ofSeconds(30));
            assertEquals(Duration.ofSeconds(30), tuning.timeToLive());
            later(pool, 0);
            assertEquals(0, pool.magazines().owned());
            tuning.magazines(0);
            one.lease();
            assertEquals(0, pool.magazines().owned(), "none is allowed: the thread shares one");
        }
    }

    @Test
    void defaultsAndBadValues() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            PoolTuning tuning = pool.tuning();
            assertEquals(Duration.ofSeconds(60), tuning.timeToLive());
            assertEquals(Duration.ofSeconds(15), tuning.pressedTimeToLive());
            assertEquals(500, tuning.magazines());
            assertEquals(125, tuning.pressedMagazines());
            assertEquals(Duration.ofMillis(10), tuning.pressedLatency());
            assertEquals(Duration.ofSeconds(5), tuning.latencyLife());
            assertEquals(LeakTracking.SAMPLED, tuning.leakTracking());
            assertThrows(IllegalArgumentException.class, () -> tuning.timeToLive(Duration.ZERO));
            assertThrows(IllegalArgumentException.class, () -> tuning.pressedTimeToLive(Duration.ofNanos(-1)));
            assertThrows(IllegalArgumentException.class, () -> tuning.magazines(-1));
            assertThrows(IllegalArgumentException.class, () -> tuning.pressedMagazines(1025));
            assertThrows(IllegalArgumentException.class, () -> tuning.latencyLife(Duration.ZERO));
            assertThrows(IllegalArgumentException.class, () -> tuning.pressedLatency(Duration.ZERO));
            assertThrows(NullPointerException.class, () -> tuning.leakTracking(null));
        }
    }
}
