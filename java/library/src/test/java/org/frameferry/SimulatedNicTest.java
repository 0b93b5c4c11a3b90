// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A simulated card from Java: the same simulation each time, every frame accounted for, both modes and crossings, captures,
 * and every misuse refused with a message that says what is wrong. Ends with exact audits.
 */
class SimulatedNicTest {
    private static final Duration PATIENCE = Duration.ofMillis(1);

    private static FramePool pool() {
        return FramePool.builder().frames(1024).frameSize(2048).ringCapacity(256).build();
    }

    private static SimulatedNic.Builder chapter() {
        return SimulatedNic.builder().virtualTime().interruptCycles(1000).lookCycles(5).frameCycles(160).frames(20_000);
    }

    /** Receives all that arrives, in order, and tells what the card saw. */
    private static NicStatistics run(SimulatedNic nic, Bridge.Mode mode, Bridge.Crossing crossing, long crossingCycles) {
        try (FramePool pool = pool()) {
            NicStatistics statistics;
            try (Bridge bridge = Bridge.builder(pool, nic).mode(mode).crossing(crossing).open()) {
                FrameBatch batch = bridge.newBatch(32);
                long expected = 0;
                long received = 0;
                do {
                    int n = bridge.receive(batch, PATIENCE);
                    for (Frame frame : batch) {
                        long number = frame.memory().get(ValueLayout.JAVA_LONG, frame.offset());
                        assertTrue(number >= expected, "frame " + number + " came after " + (expected - 1));
                        expected = number + 1;
                    }
                    received += n;
                    if (crossingCycles != 0) {
                        SimulatedNic.spend(bridge, crossingCycles);
                    }
                    statistics = SimulatedNic.statistics(bridge);
                    if (mode == Bridge.Mode.INLINE) {
                        assertEquals(statistics.arrived(), statistics.received() + statistics.dropped()
                                + statistics.stalled() + statistics.queued());
                    }
                } while (statistics.coming() != 0 || received < statistics.received() || statistics.queued() != 0);
                batch.release();
            }
            Audits.assertAtRest(pool);
            return statistics;
        }
    }

    @ParameterizedTest
    @EnumSource
    void virtualTimeIsTheSameEachTimeToTheFrame(Bridge.Crossing crossing) {
        NicStatistics first = run(chapter().poisson().rxFifo(3).seed(7).build(), Bridge.Mode.INLINE, crossing, 0);
        assertTrue(first.dropped() > 0);
        for (int i = 0; i < 20; i++) {
            NicStatistics again = run(chapter().poisson().rxFifo(3).seed(7).build(), Bridge.Mode.INLINE, crossing, 0);
            assertEquals(first.dropped(), again.dropped());
            assertEquals(first.received(), again.received());
        }
        NicStatistics other = run(chapter().poisson().rxFifo(3).seed(8).build(), Bridge.Mode.INLINE, crossing, 0);
        assertNotEquals(first.dropped(), other.dropped());
    }

    @Test
    void napiTakesAnInterruptForEverySecondFrameAndLosesNone() {
        NicStatistics s = run(chapter().build(), Bridge.Mode.INLINE, Bridge.Crossing.BATCHED, 0);
        assertEquals(20_000, s.received());
        assertEquals(0.0, s.loss());
        assertTrue(s.interrupts() <= 10_001, s::toString);
    }

    @Test
    void whatACrossingCostsIsChargedToTheCard() {
        NicStatistics free = run(chapter().build(), Bridge.Mode.INLINE, Bridge.Crossing.BATCHED, 0);
        NicStatistics dear = run(chapter().build(), Bridge.Mode.INLINE, Bridge.Crossing.BATCHED, 5000);
        assertEquals(0, free.dropped());
        assertTrue(dear.interrupts() < free.interrupts()); // more frames gather meanwhile
    }

    @ParameterizedTest
    @EnumSource
    void realTimeAccountsForEveryFrame(Bridge.Mode mode) {
        SimulatedNic nic = SimulatedNic.builder().frames(20_000).load(0.1).interruptCycles(100).build();
        NicStatistics s = run(nic, mode, Bridge.Crossing.BATCHED, 0);
        assertEquals(20_000, s.received() + s.dropped() + s.stalled());
    }

    @Test
    void whatIsSentLeaves() {
        try (FramePool pool = pool(); Bridge bridge = Bridge.builder(pool, SimulatedNic.builder().virtualTime().frames(1)
                .build()).mode(Bridge.Mode.INLINE).open()) {
            FrameBatch batch = bridge.newBatch(100);
            pool.lease(batch, 100);
            for (Frame frame : batch) {
                frame.put(64);
            }
            int sent = bridge.send(batch);
            for (int i = 0; i < 100 && SimulatedNic.statistics(bridge).transmitted() < sent; i++) {
                bridge.receive(batch, PATIENCE);
            }
            assertEquals(100, sent);
            assertEquals(100, SimulatedNic.statistics(bridge).transmitted());
            batch.release();
        }
    }

    // ---- captures ----

    private static Path capture(Path folder, int cut) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0).putInt(65535).putInt(1);
        int[] bytes = {100, 200, 300};
        for (int i = 0; i < bytes.length; i++) {
            b.putInt(1000).putInt(i * 50).putInt(0).putInt(bytes[i]);
        }
        Path file = folder.resolve("some.pcap");
        Files.write(file, java.util.Arrays.copyOf(b.array(), b.position() - cut));
        return file;
    }

    @Test
    void aCaptureIsReplayedOnceOrAgain(@TempDir Path folder) throws IOException {
        SimulatedNic.Builder builder = SimulatedNic.builder().virtualTime().replay(capture(folder, 0));
        NicStatistics once = run(builder.build(), Bridge.Mode.INLINE, Bridge.Crossing.BATCHED, 0);
        assertEquals(3, once.received());
        assertEquals(600, once.arrivedBytes());
        NicStatistics again = run(builder.frames(7).build(), Bridge.Mode.INLINE, Bridge.Crossing.BATCHED, 0);
        assertEquals(7, again.received());
        assertEquals(1300, again.arrivedBytes());
    }

    @Test
    void aCaptureThatCannotBeReadIsRefused(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("some.txt"), "no capture");
        try (FramePool pool = pool()) {
            Path cut = capture(folder, 5);
            FerryException e = refused(pool, cut);
            assertEquals("FERRY_ETRUNCATED", e.error());
            assertTrue(e.getMessage().contains(cut.toString()), e::getMessage);
            assertEquals("FERRY_ECAPTURE", refused(pool, text).error());
            assertEquals("ENOENT", refused(pool, folder.resolve("none")).error());
            assertEquals("EISDIR", refused(pool, folder).error());
        }
    }

    private static FerryException refused(FramePool pool, Path file) {
        SimulatedNic nic = SimulatedNic.builder().replay(file).build();
        return assertThrows(FerryException.class, () -> Bridge.open(pool, nic));
    }

    // ---- misuse ----

    @Test
    void valuesOutOfRangeAreRefused() {
        SimulatedNic.Builder b = SimulatedNic.builder();
        assertThrows(IllegalArgumentException.class, () -> b.lineRate(999_999));
        assertThrows(IllegalArgumentException.class, () -> b.lineRate(1_500_000));
        assertThrows(IllegalArgumentException.class, () -> b.lineRate(400_001_000_000L));
        assertThrows(IllegalArgumentException.class, () -> b.load(0));
        assertThrows(IllegalArgumentException.class, () -> b.load(1.1));
        assertThrows(IllegalArgumentException.class, () -> b.load(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> b.frameBytes(63));
        assertThrows(IllegalArgumentException.class, () -> b.frameBytes(9019));
        assertThrows(IllegalArgumentException.class, () -> b.bursty(0));
        assertThrows(IllegalArgumentException.class, () -> b.frames(-1));
        assertThrows(IllegalArgumentException.class, () -> b.rxFifo(0));
        assertThrows(IllegalArgumentException.class, () -> b.txFifo(65_537));
        assertThrows(IllegalArgumentException.class, () -> b.processor(1));
        assertThrows(IllegalArgumentException.class, () -> b.interruptCycles(-1));
        assertThrows(NullPointerException.class, () -> b.replay(null));
        assertEquals("frameBytes 63 is not in 64 .. 9018",
                assertThrows(IllegalArgumentException.class, () -> b.frameBytes(63)).getMessage());
    }

    @Test
    void virtualTimeHasNoThreads() {
        try (FramePool pool = pool()) {
            SimulatedNic nic = SimulatedNic.builder().virtualTime().build();
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Bridge.open(pool, nic));
            assertTrue(e.getMessage().contains("INLINE"), e::getMessage);
        }
    }

    @Test
    void anotherDeviceHasNoCard() {
        try (FramePool pool = pool(); Bridge udp = Bridge.builder(pool, Udp.bind(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))).mode(Bridge.Mode.INLINE).open()) {
            assertThrows(IllegalArgumentException.class, () -> SimulatedNic.statistics(udp));
            assertThrows(IllegalArgumentException.class, () -> SimulatedNic.spend(udp, 1));
        }
    }

    @Test
    void aThreadedBridgesTimeIsItsPollers() {
        try (FramePool pool = pool(); Bridge bridge = Bridge.open(pool, SimulatedNic.builder().build())) {
            assertNull(bridge.localAddress());
            assertThrows(IllegalArgumentException.class, () -> SimulatedNic.spend(bridge, 1));
        }
    }

    @Test
    void aClosedBridgeHasNoCard() throws InterruptedException {
        try (FramePool pool = pool()) {
            Bridge bridge = Bridge.builder(pool, chapter().build()).mode(Bridge.Mode.INLINE).open();
            assertThrows(IllegalArgumentException.class, () -> SimulatedNic.spend(bridge, -1));
            assertThrows(IllegalArgumentException.class, () -> SimulatedNic.spend(bridge, 1_000_000_001));
            SimulatedNic.spend(bridge, 1200);
            Thread other = new Thread(() -> assertThrows(WrongThreadException.class,
                    () -> SimulatedNic.spend(bridge, 1)));
            Throwable[] thrown = new Throwable[1];
            other.setUncaughtExceptionHandler((thread, e) -> thrown[0] = e);
            other.start();
            other.join();
            assertNull(thrown[0]);
            bridge.close();
            assertThrows(ClosedException.class, () -> SimulatedNic.statistics(bridge));
            assertThrows(ClosedException.class, () -> SimulatedNic.spend(bridge, 1));
        }
    }
}
