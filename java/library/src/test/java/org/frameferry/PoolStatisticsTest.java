// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The figures of a pool: what happens moves those that say so, by how often it did, and no other.
@SuppressWarnings("try") // one test looks at a pool that it has closed
class PoolStatisticsTest {
    private static final int FRAMES = 8;

    private static FramePoolBuilder builder() {
        return FramePool.builder().frames(FRAMES).frameSize(100);
    }

    /// The figures before and after something, of which the first lease, with what it makes, is no part.
    private static final class Move {
        private final FramePool pool;
        private final PoolStatistics before;

        Move(FramePool pool) {
            this.pool = pool;
            pool.lease().release();
            before = pool.statistics();
        }

        PoolStatistics before() {
            return before;
        }

        /// But for the latencies, which may be measured at any lease.
        PoolStatistics assertMoved(String... names) throws ReflectiveOperationException {
            PoolStatistics after = pool.statistics();
            Set<String> moved = new TreeSet<>();
            for (RecordComponent component : PoolStatistics.class.getRecordComponents()) {
                Object was = component.getAccessor().invoke(before);
                if (component.getType() != LatencySummary.class && !was.equals(component.getAccessor().invoke(after))) {
                    moved.add(component.getName());
                }
            }
            assertEquals(new TreeSet<>(List.of(names)), moved, () -> before + "\n" + after);
            return after;
        }
    }

    @Test
    void aNewPool() {
        try (FramePool pool = builder().headroom(64).build(); Audits _ = Audits.of(pool)) {
            PoolStatistics s = pool.statistics();
            long memory = pool.memory().byteSize() + pool.control().byteSize();
            assertEquals(new PoolStatistics(pool.name(), 100, FRAMES, 100 * FRAMES, memory,
                    new PoolAudit(FRAMES, FRAMES, 0, 0, 0, 0, 0, 0), 0, 0, 0, 0, 0, 0, 0, LatencySummary.NONE,
                    LatencySummary.NONE), s);
            assertEquals(FRAMES, s.available());
            assertEquals(100, s.averageFrameSize());
            assertEquals(100, s.hitRate());
        }
    }

    @Test
    void theFirstLeaseOfAThreadMakesAMagazine() throws Exception {
        try (FramePool pool = builder().build(); Audits _ = Audits.of(pool)) {
            pool.lease().release();
            assertEquals(1, pool.statistics().magazines());
            Elsewhere.run(() -> {
                pool.lease().release();
                assertEquals(2, pool.statistics().magazines()); // in time: the keeper takes that of an ended thread back
            });
            Elsewhere.startVirtual(() -> pool.tryLease()).result().release();
            assertTrue(pool.statistics().magazines() <= 2, "a virtual thread has none");
            assertEquals(3, pool.statistics().hits());
        }
    }

    @Test
    void aLease() throws Exception {
        try (FramePool pool = builder().build(); Audits _ = Audits.of(pool)) {
            Move move = new Move(pool);
            try (Frame _ = pool.lease(); Frame _ = pool.tryLease()) {
                PoolStatistics after = move.assertMoved("audit", "hits");
                assertEquals(move.before().hits() + 2, after.hits());
                assertEquals(2, after.audit().leased());
                assertEquals(FRAMES - 2, after.available());
            }
            move.assertMoved("hits");
        }
    }

    @Test
    void aBatchFrameByFrame() throws Exception {
        try (FramePool pool = builder().build(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(20)) {
            Move move = new Move(pool);
            assertEquals(FRAMES, pool.lease(batch, 20));
            PoolStatistics after = move.assertMoved("audit", "hits", "misses");
            assertEquals(FRAMES, after.hits() - move.before().hits());
            assertEquals(20 - FRAMES, after.misses());
            assertEquals(100.0 * after.hits() / (after.hits() + after.misses()), after.hitRate());
        }
    }

    @Test
    void aMissOfEachKind() throws Exception {
        try (FramePool pool = builder().build(); Audits _ = Audits.of(pool); FrameBatch all = pool.newBatch(FRAMES)) {
            pool.lease(all, FRAMES);
            pool.lease(all, 0);
            PoolStatistics before = pool.statistics();
            assertEquals(0, before.misses());
            assertNull(pool.tryLease());
            assertEquals(1, pool.statistics().misses());
            assertFalse(pool.tryLease(pool.newFrame()));
            assertEquals(2, pool.statistics().misses());
            assertThrows(PoolExhaustedException.class, pool::lease);
            PoolStatistics after = pool.statistics();
            assertEquals(3, after.misses());
            assertEquals(before.hits(), after.hits());
            assertEquals(0, after.waits() + after.overflows());
            assertEquals(0, after.available());
        }
    }

    @Test
    void aLeaseFromOutside() throws Exception {
        try (FramePool pool = builder().overflow(Overflow.ALLOCATE).build(); Audits _ = Audits.of(pool);
             FrameBatch all = pool.newBatch(FRAMES)) {
            Move move = new Move(pool);
            pool.lease(all, FRAMES);
            try (Frame _ = pool.lease()) {
                PoolStatistics after = move.assertMoved("audit", "hits", "misses", "overflows");
                assertEquals(1, after.misses());
                assertEquals(1, after.overflows());
                assertEquals(FRAMES, after.audit().leased());
            }
        }
    }

    @Test
    void aWaitInVainIsAMiss() throws Exception {
        try (FramePool pool = builder().build(); Audits _ = Audits.of(pool); FrameBatch all = pool.newBatch(FRAMES)) {
            Move move = new Move(pool);
            pool.lease(all, FRAMES);
            assertThrows(PoolExhaustedException.class, () -> pool.lease(Duration.ofMillis(1)));
            PoolStatistics after = move.assertMoved("audit", "hits", "misses", "waits");
            assertEquals(1, after.misses());
            assertEquals(1, after.waits());
            assertEquals(FRAMES, after.hits() - move.before().hits());
        }
    }

    @Test
    void aWaitThatIsServedIsAHit() throws Exception {
        try (FramePool pool = builder().build(); Audits _ = Audits.of(pool); FrameBatch all = pool.newBatch(FRAMES)) {
            Move move = new Move(pool);
            pool.lease(all, FRAMES);
            Elsewhere<Frame> waiter = Elsewhere.start(() -> pool.lease(Numbered.LONG));
            Elsewhere.until(() -> pool.statistics().waits() == 1);
            all.release();
            waiter.result().release();
            PoolStatistics after = move.assertMoved("audit", "hits", "waits", "magazines");
            assertEquals(FRAMES + 1, after.hits() - move.before().hits());
        }
    }

    @Test
    void aLeak() throws Exception {
        try (FramePool pool = builder().leakTracking(LeakTracking.EVERY).leakListener(_ -> { }).build();
             Audits _ = Audits.of(pool)) {
            Move move = new Move(pool);
            pool.lease();
            while (pool.statistics().leaks() == 0) {
                System.gc();
                Thread.sleep(1);
            }
            Elsewhere.until(() -> pool.audit().leased() == 0);
            PoolStatistics after = pool.statistics();
            assertEquals(1, after.leaks());
            assertEquals(move.before().hits() + 1, after.hits());
            assertEquals(0, after.misses() + after.waits() + after.overflows());
        }
    }

    @Test
    void aTrim() throws Exception {
        try (FramePool pool = builder().build(); Audits _ = Audits.of(pool)) {
            Move move = new Move(pool);
            long cached = move.before().audit().cached();
            assertTrue(cached > 0, "the magazine is empty");
            long now = System.nanoTime();
            pool.trim(now);
            pool.trim(now + Duration.ofMinutes(2).toNanos());
            PoolStatistics after = move.assertMoved("audit", "trimmed", "magazines");
            assertEquals(cached, after.trimmed());
            assertEquals(0, after.magazines());
            assertEquals(FRAMES, after.audit().free());
        }
    }

    @EachWay
    void whatABridgeReceives(Way way) throws Exception {
        try (FramePool pool = builder().build(); Audits _ = Audits.of(pool)) {
            try (Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
                 FrameBatch batch = bridge.newBatch(FRAMES)) {
                other.send(0, 5);
                Numbered.receive(bridge, batch, 0, 5);
                batch.release();
                assertEquals(5, pool.statistics().hits());
            }
            try (Bridge second = way.open(pool)) { // with the number of the first
                assertEquals(5, pool.statistics().hits());
                assertFalse(second.isClosed());
            }
            assertEquals(0, pool.statistics().misses());
        }
    }

    /// Each lease of each thread is a hit or a miss, whoever it was taken from.
    @Test
    void hitsAndMissesAreThoseThatTheThreadsCounted() throws Exception {
        int threads = 4;
        int leases = 50_000;
        try (FramePool pool = builder().build(); Audits _ = Audits.of(pool)) {
            List<Elsewhere<Integer>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(i % 2 == 0 ? Elsewhere.start(() -> leaseAtRandom(pool, leases))
                        : Elsewhere.startVirtual(() -> leaseAtRandom(pool, leases)));
            }
            long got = 0;
            for (Elsewhere<Integer> thread : running) {
                got += thread.result();
            }
            PoolStatistics s = pool.statistics();
            assertEquals(got, s.hits());
            assertEquals((long) threads * leases - got, s.misses());
            assertTrue(s.misses() > 0, "the pool was never empty");
        }
    }

    private static int leaseAtRandom(FramePool pool, int leases) {
        int got = 0;
        List<Frame> held = new ArrayList<>();
        for (int i = 0; i < leases; i++) {
            Frame frame = pool.tryLease();
            if (frame != null) {
                held.add(frame);
                got++;
            }
            while (held.size() > ThreadLocalRandom.current().nextInt(FRAMES)) {
                held.removeLast().release();
            }
        }
        held.forEach(Frame::release);
        return got;
    }

    /// A bound for the count of those that are timed: one in 1024 in the mean; one in 8192, and by bad luck half of them.
    private static void assertTimed(LatencySummary latency, int operations) {
        assertTrue(latency.count() > operations / 16384 && latency.count() < operations / 512, latency::toString);
        assertTrue(latency.p50() > 0 && latency.p50() <= latency.p99() && latency.p99() <= latency.p999()
                && latency.p999() <= latency.max() && latency.mean() > 0 && latency.mean() <= latency.max(),
                latency::toString);
    }

    private static void leaseAndRelease(FramePool pool, int n) {
        for (int i = 0; i < n; i++) {
            pool.lease().release();
        }
    }

    @ParameterizedTest
    @EnumSource(LeakTracking.class)
    void someLeasesAndReleasesAreTimed(LeakTracking tracking) throws Exception {
        int n = 500_000;
        try (FramePool pool = builder().leakTracking(tracking).build(); Audits _ = Audits.of(pool)) {
            leaseAndRelease(pool, 1);
            Elsewhere.until(() -> pool.meter().timing() != 0); // the keeper has come
            leaseAndRelease(pool, n);
            assertTimed(pool.statistics().leaseLatency(), n);
            assertTimed(pool.statistics().releaseLatency(), n);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void alsoThoseOfVirtualThreadsAndOfPoolsThatKeepNothing(boolean zero) throws Exception {
        int n = 500_000;
        try (FramePool pool = builder().zeroOnRelease(zero).build(); Audits _ = Audits.of(pool)) {
            leaseAndRelease(pool, 1);
            Elsewhere.until(() -> pool.meter().timing() != 0);
            if (zero) {
                leaseAndRelease(pool, n);
            } else {
                Elsewhere.startVirtual(() -> {
                    leaseAndRelease(pool, n);
                    return null;
                }).result();
            }
            assertTrue(pool.statistics().leaseLatency().count() > 0);
            assertTrue(pool.statistics().leaseLatency().count() < n / 64, pool.statistics()::toString);
            assertTimed(pool.statistics().releaseLatency(), n);
        }
    }

    @Test
    void whatIsTimedAllocatesNothing() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Latency latency = new Latency();
        latency.record(1);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            latency.record(100L * i * i);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 10_000, allocated + " bytes");
        assertEquals(10_001, latency.summary().count());
    }

    @Test
    void timesOutOfRangeAreRecordedAsTheBound() {
        Latency latency = new Latency();
        latency.record(Long.MAX_VALUE);
        latency.record(-1);
        assertEquals(2, latency.summary().count());
        assertEquals(60e9, latency.summary().max(), 60e7);
        assertEquals(0, latency.summary().p50());
    }

    /// A thread that only leases refills its magazine every 64 leases: among those that are timed are refills, and others.
    @Test
    void whatIsTimedKeepsNoStep() throws Exception {
        int rounds = 4000;
        try (FramePool pool = FramePool.builder().frames(4096).build(); Audits _ = Audits.of(pool);
             FrameBatch batch = pool.newBatch(64)) {
            leaseAndRelease(pool, 1);
            Elsewhere.until(() -> pool.meter().timing() != 0);
            Set<Long> places = new TreeSet<>();
            Magazine mine = pool.magazines().mine();
            for (int i = 0; i < rounds; i++) {
                for (long lease = 0; lease < 64; lease++) {
                    if (mine.isLeaseTimed()) {
                        places.add(lease);
                    }
                    batch.add(pool.lease());
                }
                batch.release();
            }
            assertTrue(places.size() > 8, places::toString);
        }
    }

    @Test
    void ofAClosedPoolTheLastOnes() {
        FramePool pool = builder().build();
        try (pool) {
            pool.lease().release();
        }
        PoolStatistics s = pool.statistics();
        assertEquals(1, s.hits());
        assertEquals(FRAMES, s.available());
        assertEquals(s, pool.statistics());
    }

    @Test
    void theSumOfTwoPools() {
        try (FramePool small = builder().build(); Audits _ = Audits.of(small);
             FramePool large = FramePool.builder().frames(2).frameSize(1000).build(); Audits _ = Audits.of(large);
             FrameBatch batch = large.newBatch(5); Frame _ = small.lease()) {
            large.lease(batch, 5);
            PoolStatistics a = small.statistics();
            PoolStatistics b = large.statistics();
            PoolStatistics sum = PoolStatistics.sum("both", List.of(a, b));
            assertEquals(new PoolStatistics("both", 1000, FRAMES + 2, 100 * FRAMES + 2000,
                    a.totalBytes() + b.totalBytes(), new PoolAudit(FRAMES + 2, a.audit().free() + b.audit().free(),
                            a.audit().cached() + b.audit().cached(), 0, 0, 3, 0, 0), 3, 3, 0, 0, 0, 0, 2,
                    LatencySummary.NONE, LatencySummary.NONE), sum);
            assertEquals((100.0 * FRAMES + 2000) / (FRAMES + 2), sum.averageFrameSize());
            assertEquals(50, sum.hitRate());
            assertEquals("one", PoolStatistics.sum("one", List.of(a)).name());
            assertThrows(IllegalArgumentException.class, () -> PoolStatistics.sum("none", List.of()));
        }
    }

    @Test
    void aSizedPoolIsTheSumOfItsClasses() {
        try (SizedFramePool pool = SizedFramePool.builder().frames(64, 2).frames(1000, 3).nextLarger(true).build()) {
            try (Frame _ = pool.lease(10); Frame _ = pool.lease(10); Frame _ = pool.lease(10)) {
                PoolStatistics s = pool.statistics();
                assertEquals(5, s.frames());
                assertEquals(1000, s.frameSize());
                assertEquals((2 * 64 + 3 * 1000) / 5.0, s.averageFrameSize());
                assertEquals(3, s.hits());
                assertEquals(1, s.misses());
                assertEquals(3, s.audit().leased());
                assertEquals(pool.audit(), s.audit());
            }
        }
    }

    @Test
    void theSumOfLatencies() {
        LatencySummary a = new LatencySummary(1, 10, 10, 10, 10, 10);
        LatencySummary b = new LatencySummary(3, 30, 20, 60, 70, 80);
        assertEquals(new LatencySummary(4, 25, 20, 60, 70, 80), a.plus(b));
        assertEquals(b, b.plus(LatencySummary.NONE));
        assertEquals(LatencySummary.NONE, LatencySummary.NONE.plus(LatencySummary.NONE));
    }
}
