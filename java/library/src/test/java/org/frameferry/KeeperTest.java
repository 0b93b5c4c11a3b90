// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The one housekeeping thread serves all pools of a program, so nothing that a pool, or its user, does may end or stop it.
class KeeperTest {
    private static FramePool pool() {
        return FramePool.builder().frames(64).frameSize(64).build();
    }

    /// A thread that ends leaves a magazine, which the keeper removes at its next look.
    private static void assertTheKeeperWorks() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            Elsewhere.run(() -> pool.lease().release());
            Elsewhere.until(() -> {
                Keeper.hurry();
                return pool.magazines().owned() == 0;
            });
        }
    }

    private static void lose(FramePool pool) {
        pool.lease();
    }

    @Test
    void outlivesAListenersError() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (FramePool pool = FramePool.builder().frames(4).leakTracking(LeakTracking.EVERY).leakListener(_ -> {
            calls.incrementAndGet();
            throw new AssertionError("thrown by a test's listener: this is expected");
        }).build(); Audits _ = Audits.of(pool)) {
            lose(pool);
            Elsewhere.until(() -> {
                System.gc();
                return calls.get() == 1;
            });
        }
        assertTheKeeperWorks();
    }

    /// Pools that come later are looked after in the same round.
    @Test
    void outlivesAPoolsError() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        FramePoolBuilder builder = FramePool.builder().frames(4).frameSize(64);
        builder.clock = () -> {
            calls.incrementAndGet();
            throw new OutOfMemoryError("thrown by a test's clock: this is expected");
        };
        try (FramePool failing = builder.build(); Audits _ = Audits.of(failing)) {
            failing.lease().release(); // the keeper knows of it from here on
            Elsewhere.until(() -> {
                Keeper.hurry();
                return calls.get() > 1;
            });
            assertTheKeeperWorks();
        }
    }

    private static final class Failing extends WeakReference<Object> implements Keeper.Collected {
        private final CountDownLatch failed = new CountDownLatch(1);

        Failing() {
            super(Failing.class, Keeper.QUEUE);
        }

        @Override
        public void collected() {
            failed.countDown();
            throw new OutOfMemoryError("thrown by what a test has enqueued: this is expected");
        }
    }

    @Test
    void outlivesAnErrorOfWhatIsCollected() throws Exception {
        Failing failing = new Failing();
        failing.enqueue();
        failing.failed.await();
        assertTheKeeperWorks();
    }

    /// The handler of uncaught exceptions is the user's, and memory may be at its end there as well.
    @Test
    void outlivesAHandlersError() throws Exception {
        Thread.UncaughtExceptionHandler usual = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> {
            throw new AssertionError("thrown by a test's handler", e);
        });
        try {
            outlivesAnErrorOfWhatIsCollected();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(usual);
        }
    }

    /// Longer than nanoseconds can say.
    @Test
    void forEver() throws Exception {
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            pool.tuning().timeToLive(forEver).pressedTimeToLive(forEver).latencyLife(forEver).pressedLatency(forEver);
            pool.recordLatency(forEver);
            pool.lease().release();
            pool.trim(System.nanoTime());
            assertEquals(1, pool.magazines().owned());
            pool.tuning().pressedLatency(Duration.ofNanos(1));
            pool.trim(System.nanoTime());
            assertEquals(1, pool.magazines().owned());
        }
        assertTheKeeperWorks();
    }

    /// The keeper may find a pool open, and trim it when it is closed.
    @Test
    void trimsAClosedPool() throws Exception {
        FramePool pool = pool();
        Elsewhere.startVirtual(() -> {
            pool.lease().release();
            return null;
        }).result();
        pool.trim(0);
        pool.close();
        Elsewhere.run(() -> pool.trim(Duration.ofDays(1).toNanos()));
        assertTheKeeperWorks();
    }

    /// A bridge whose number nobody could give back when the pool was closed: that comes later.
    @Test
    void aBridgeLeavesAClosedPool() throws Exception {
        FramePool pool = FramePool.builder().frames(64).bridges(1).build();
        Udp udp = Udp.bind(InetAddress.getLoopbackAddress().getHostAddress(), 0);
        Bridge bridge = Bridge.open(pool, udp);
        CountDownLatch bound = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Elsewhere<Void> receiver = Elsewhere.start(() -> {
            bridge.receive(pool.newBatch(1));
            bound.countDown();
            closed.await();
            return null;
        });
        bound.await();
        Elsewhere.startVirtual(() -> {
            pool.lease().release();
            return null;
        }).result();
        pool.close();
        closed.countDown();
        receiver.result();
        Elsewhere.run(() -> assertThrows(ClosedException.class, () -> Bridge.open(pool, udp)));
    }
}
