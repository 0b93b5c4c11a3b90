// SPDX-License-Identifier: Apache-2.0
package org.frameferry.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.frameferry.Bridge;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.LeakTracking;
import org.frameferry.Overflow;
import org.frameferry.Peer;
import org.frameferry.PoolStatistics;
import org.frameferry.Udp;
import org.junit.jupiter.api.Test;

/// What a registry says of a pool and a bridge is what happened to them.
@SuppressWarnings("try") // one test looks at a pool that it has closed
class MetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double gauge(String name, String... tags) {
        return registry.get("frameferry." + name).tags(tags).gauge().value();
    }

    private double count(String name, String... tags) {
        return registry.get("frameferry." + name).tags(tags).functionCounter().count();
    }

    @Test
    void aPool() {
        try (FramePool pool = FramePool.builder().frames(8).frameSize(100).name("metered").build();
             FrameBatch batch = pool.newBatch(10)) {
            new FramePoolMetrics(pool).bindTo(registry);
            assertEquals(0, count("pool.requests", "pool", "metered", "result", "hit"));
            assertEquals(8, gauge("pool.frames", "owner", "free"));
            pool.lease().release();
            pool.lease(batch, 10);
            assertEquals(9, count("pool.requests", "pool", "metered", "result", "hit"));
            assertEquals(2, count("pool.requests", "pool", "metered", "result", "miss"));
            assertEquals(8, gauge("pool.frames", "owner", "leased"));
            assertEquals(0, gauge("pool.frames", "owner", "free") + gauge("pool.frames", "owner", "cached"));
            assertEquals(8, gauge("pool.frames.max"));
            assertEquals(100, gauge("pool.frame.size"));
            assertEquals(pool.statistics().totalBytes(), gauge("pool.memory"));
            assertEquals(1, gauge("pool.magazines"));
        }
    }

    @Test
    void whatIsRare() throws Exception {
        try (FramePool pool = FramePool.builder().frames(8).overflow(Overflow.ALLOCATE)
                .leakTracking(LeakTracking.EVERY).leakListener(_ -> { }).build(); FrameBatch all = pool.newBatch(8)) {
            new FramePoolMetrics(pool).bindTo(registry);
            pool.lease(all, 8);
            try (Frame _ = pool.lease(Duration.ofMillis(1))) {
                assertEquals(1, count("pool.overflows"));
                assertEquals(1, count("pool.waits"));
            }
            all.release();
            pool.lease();
            while (count("pool.leaks") == 0) {
                System.gc();
                Thread.sleep(1);
            }
            pool.lease().release(); // so that there is a frame in the magazine
            pool.tuning().timeToLive(Duration.ofMillis(1));
            while (count("pool.trimmed") == 0) {
                Thread.sleep(1);
            }
            assertEquals(1, count("pool.leaks"));
            assertEquals(pool.statistics().trimmed(), count("pool.trimmed"));
        }
    }

    /// Micrometer brings HdrHistogram along.
    @Test
    void latencies() throws Exception {
        try (FramePool pool = FramePool.builder().frames(8).build()) {
            new FramePoolMetrics(pool).bindTo(registry);
            while (pool.statistics().leaseLatency().count() == 0 || pool.statistics().releaseLatency().count() == 0) {
                pool.lease().release();
            }
            PoolStatistics s = pool.statistics();
            assertEquals(s.leaseLatency().p99(), latency("pool.lease.latency", "0.99"));
            assertEquals(s.leaseLatency().max(), latency("pool.lease.latency", "1"));
            assertEquals(s.releaseLatency().p50(), latency("pool.release.latency", "0.5"));
            assertEquals(s.releaseLatency().p999(), latency("pool.release.latency", "0.999"));
        }
    }

    private double latency(String name, String quantile) {
        return Math.rint(registry.get("frameferry." + name).tags("quantile", quantile).timeGauge()
                .value(TimeUnit.NANOSECONDS));
    }

    @Test
    void twoPoolsOfOneName() {
        try (FramePool a = FramePool.builder().name("same").build(); FramePool b = FramePool.builder().name("same").build();
             Frame _ = b.lease()) {
            new FramePoolMetrics(a, Tags.of("side", "a")).bindTo(registry);
            new FramePoolMetrics(b, Tags.of("side", "b")).bindTo(registry);
            assertEquals(0, gauge("pool.frames", "owner", "leased", "side", "a"));
            assertEquals(1, gauge("pool.frames", "owner", "leased", "side", "b"));
        }
    }

    @Test
    void aClosedPoolKeepsItsLastFigures() {
        try (FramePool pool = FramePool.builder().frames(8).build()) {
            new FramePoolMetrics(pool).bindTo(registry);
            pool.lease().release();
        }
        assertEquals(1, count("pool.requests", "result", "hit"));
        assertEquals(8, gauge("pool.frames", "owner", "free"));
    }

    @Test
    void aBridge() throws Exception {
        try (FramePool pool = FramePool.builder().frames(8).frameSize(64).headroom(0).build();
             Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", 0)); FrameBatch batch = bridge.newBatch(8)) {
            new BridgeMetrics(bridge, "loop").bindTo(registry);
            send(pool, bridge, batch, 3, 10);
            try (DatagramSocket socket = new DatagramSocket()) { // longer than a frame
                socket.send(new DatagramPacket(new byte[1000], 1000, bridge.localAddress()));
            }
            for (int received = 0; received < 3;) {
                received += bridge.receive(batch, Duration.ofMinutes(1));
            }
            while (count("bridge.dropped", "cause", "oversize") == 0) {
                Thread.sleep(1);
            }
            bridge.close();
            assertEquals(3, count("bridge.frames", "bridge", "loop", "direction", "rx"));
            assertEquals(30, count("bridge.data", "direction", "rx"));
            assertEquals(3, count("bridge.frames", "direction", "tx"));
            assertEquals(30, count("bridge.data", "direction", "tx"));
            assertEquals(1, count("bridge.dropped", "direction", "rx", "cause", "oversize"));
            assertEquals(0, count("bridge.dropped", "cause", "no frame") + count("bridge.dropped", "cause", "ring full")
                    + count("bridge.dropped", "cause", "device") + count("bridge.dropped", "cause", "refused"));
            assertEquals(0, count("bridge.errors") + gauge("bridge.queued", "direction", "rx")
                    + gauge("bridge.queued", "direction", "tx"));
            assertEquals(bridge.statistics().rounds(), count("bridge.rounds"));
            assertEquals(bridge.statistics().slept(), count("bridge.sleeps"));
            assertEquals(bridge.statistics().interrupts(), count("bridge.interrupts"));
            assertEquals(bridge.statistics().fullRounds(), count("bridge.rounds.full"));
            assertEquals(bridge.statistics().emptyRounds(), count("bridge.rounds.empty"));
            assertTrue(count("bridge.time", "state", "polling") > 0);
            assertTrue(count("bridge.time", "state", "armed") >= 0 && count("bridge.time", "state", "rested") >= 0);
            assertEquals(bridge.statistics().receiveCalls(), count("bridge.calls", "direction", "rx"));
        }
    }

    private static void send(FramePool pool, Bridge bridge, FrameBatch batch, int n, int bytes) {
        batch.release();
        pool.lease(batch, n);
        for (Frame frame : batch) {
            frame.put(bytes).peer(Peer.of(bridge.localAddress()));
        }
        assertEquals(n, bridge.send(batch, Duration.ofMinutes(1)));
    }

    @Test
    void everyMeterSaysWhatItIs() {
        try (FramePool pool = FramePool.builder().frames(8).build();
             Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", 0))) {
            new FramePoolMetrics(pool).bindTo(registry);
            new BridgeMetrics(bridge, "loop", List.of()).bindTo(registry);
            assertTrue(registry.getMeters().size() > 30);
            for (Meter meter : registry.getMeters()) {
                assertNotNull(meter.getId().getDescription(), meter.getId()::toString);
                assertNotNull(meter.getId().getBaseUnit(), meter.getId()::toString);
                assertTrue(meter instanceof Gauge || meter instanceof FunctionCounter, meter.getId()::toString);
            }
        }
    }
}
