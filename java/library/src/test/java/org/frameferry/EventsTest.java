// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The events that a flight recording gets: each as it happens, with its fields, and none that did not happen.
class EventsTest {
    private static final List<String> ALL = List.of("Miss", "ExhaustionWait", "Leak", "Trim", "Drop");

    @TempDir
    private Path directory;

    /// What is done while a recording runs.
    interface Action {
        void run(FramePool pool) throws Exception;
    }

    /// The events of one pool of four frames, which is closed before the recording ends.
    private List<RecordedEvent> record(FramePoolBuilder builder, Action action) throws Exception {
        try (Recording recording = new Recording()) {
            ALL.forEach(name -> recording.enable("org.frameferry." + name));
            recording.start();
            String name;
            try (FramePool pool = builder.frames(4).build(); Audits _ = Audits.of(pool)) {
                name = pool.name();
                action.run(pool);
            }
            recording.stop();
            Path file = Files.createTempFile(directory, "frameferry", ".jfr");
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream().filter(e -> name.equals(e.getString("pool"))).toList();
        }
    }

    private static RecordedEvent only(String name, List<RecordedEvent> events) {
        assertEquals(1, events.size(), events::toString);
        RecordedEvent event = events.getFirst();
        assertEquals("org.frameferry." + name, event.getEventType().getName());
        assertEquals(List.of("Frameferry"), event.getEventType().getCategoryNames());
        return event;
    }

    @Test
    void nothingWhereNothingHappens() throws Exception {
        assertEquals(List.of(), record(FramePool.builder(), pool -> pool.lease().release()));
    }

    @Test
    void aMiss() throws Exception {
        RecordedEvent miss = only("Miss", record(FramePool.builder(), pool -> {
            try (FrameBatch batch = pool.newBatch(7)) {
                pool.lease(batch, 7);
            }
        }));
        assertEquals(3, miss.getInt("frames"));
        assertEquals(false, miss.getBoolean("outside"));
        assertTrue(miss.getStackTrace().getFrames().stream().anyMatch(f -> f.getMethod().getName().equals("lease")));
    }

    @Test
    void aMissAnsweredFromOutside() throws Exception {
        RecordedEvent miss = only("Miss", record(FramePool.builder().overflow(Overflow.ALLOCATE), pool -> {
            try (FrameBatch all = pool.newBatch(4)) {
                pool.lease(all, 4);
                pool.lease().release();
            }
        }));
        assertEquals(1, miss.getInt("frames"));
        assertEquals(true, miss.getBoolean("outside"));
    }

    @Test
    void aWaitInVain() throws Exception {
        List<RecordedEvent> events = record(FramePool.builder(), pool -> {
            try (FrameBatch all = pool.newBatch(4)) {
                pool.lease(all, 4);
                assertThrows(PoolExhaustedException.class, () -> pool.lease(Duration.ofMillis(20)));
            }
        });
        assertEquals(2, events.size());
        only("Miss", events.stream().filter(e -> e.getEventType().getName().endsWith("Miss")).toList());
        RecordedEvent wait = only("ExhaustionWait",
                events.stream().filter(e -> e.getEventType().getName().endsWith("Wait")).toList());
        assertEquals(Duration.ofMillis(20), wait.getDuration("patience"));
        assertTrue(wait.getDuration().compareTo(Duration.ofMillis(15)) > 0, wait::toString); // by another clock
        assertEquals(false, wait.getBoolean("leased"));
    }

    @Test
    void aWaitThatIsServed() throws Exception {
        RecordedEvent wait = only("ExhaustionWait", record(FramePool.builder(), pool -> {
            try (FrameBatch all = pool.newBatch(4)) {
                pool.lease(all, 4);
                Elsewhere<Frame> waiter = Elsewhere.start(() -> pool.lease(Numbered.LONG));
                Elsewhere.until(() -> pool.statistics().waits() == 1);
                all.release();
                waiter.result().release();
            }
        }));
        assertEquals(true, wait.getBoolean("leased"));
        assertEquals(Numbered.LONG, wait.getDuration("patience"));
        assertEquals("elsewhere", wait.getThread().getJavaName());
    }

    @Test
    void aLeak() throws Exception {
        AtomicLong leaks = new AtomicLong();
        RecordedEvent leak = only("Leak", record(FramePool.builder().leakTracking(LeakTracking.EVERY)
                .leakListener(_ -> leaks.incrementAndGet()), pool -> { // is told after the recording
                    pool.lease();
                    while (leaks.get() == 0) {
                        System.gc();
                        Thread.sleep(1);
                    }
                }));
        assertEquals(1, leak.getInt("frames"));
        assertTrue(leak.getString("place").contains("EventsTest"), leak.getString("place"));
        assertTrue(leak.getString("place").startsWith("leased in Thread["), leak.getString("place"));
        assertNull(leak.getStackTrace());
    }

    @Test
    void aTrim() throws Exception {
        long[] cached = new long[1];
        RecordedEvent trim = only("Trim", record(FramePool.builder(), pool -> {
            pool.lease().release();
            cached[0] = pool.audit().cached();
            pool.recordLatency(Duration.ofSeconds(1));
            pool.trim();
            pool.tuning().latencyLife(Duration.ofHours(1));
            pool.trim(System.nanoTime() + Duration.ofSeconds(20).toNanos());
        }));
        assertTrue(cached[0] > 0);
        assertEquals(cached[0], trim.getInt("frames"));
        assertEquals(true, trim.getBoolean("pressed"));
    }

    @Test
    void dropsThatTheEndTells() throws Exception {
        RecordedEvent drop = only("Drop", record(FramePool.builder().frameSize(64).headroom(0), pool -> {
            try (Bridge bridge = Bridge.open(pool, Way.ANY_PORT); OtherSide other = OtherSide.of(bridge)) {
                drop(bridge, other, 3);
            }
        }));
        assertEquals(3, drop.getLong("rxOversize"));
        assertEquals(0, drop.getLong("rxNoFrame") + drop.getLong("rxRingFull") + drop.getLong("rxDevice")
                + drop.getLong("tx"));
        assertTrue(drop.getString("bridge").startsWith("bridge 0 over"), drop.getString("bridge"));
    }

    private static void drop(Bridge bridge, OtherSide other, int n) throws Exception {
        long before = bridge.statistics().rxDroppedOversize();
        for (int i = 0; i < n; i++) {
            other.sendBytes(1000);
        }
        Elsewhere.until(() -> bridge.statistics().rxDroppedOversize() == before + n);
    }

    /// Told every 20 ms, if there are any: each drop once.
    @Test
    void dropsThatAreToldFromTimeToTime() throws Exception {
        AtomicLong events = new AtomicLong();
        AtomicLong told = new AtomicLong();
        try (FramePool pool = FramePool.builder().frames(4).frameSize(64).headroom(0).build();
             Audits _ = Audits.of(pool); Bridge bridge = Bridge.open(pool, Way.ANY_PORT);
             OtherSide other = OtherSide.of(bridge); RecordingStream stream = new RecordingStream()) {
            drop(bridge, other, 2); // before anybody records
            stream.enable("org.frameferry.Drop").withPeriod(Duration.ofMillis(20));
            stream.setReuse(false);
            stream.onEvent("org.frameferry.Drop", e -> {
                assertNotNull(e.getString("pool"));
                events.incrementAndGet();
                told.addAndGet(e.getLong("rxOversize"));
            });
            stream.startAsync();
            Keeper.hurry(); // or it takes up to ten seconds until it notices
            Elsewhere.until(() -> told.get() == 2);
            drop(bridge, other, 3);
            Elsewhere.until(() -> told.get() == 5);
            assertTrue(events.get() >= 2);
        }
        assertEquals(5, told.get());
    }
}
