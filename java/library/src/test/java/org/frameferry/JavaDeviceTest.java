// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Devices written in Java: what they bring is received, and what is sent they take, in the caller's thread. Waiting,
/// waking and closing are those of every bridge.
class JavaDeviceTest {
    private static final int FRAMES = 64;

    private final ScriptedDevice device = new ScriptedDevice();

    private static FramePool pool() {
        return FramePool.builder().frames(FRAMES).frameSize(256).bridges(1).build();
    }

    private static void fill(FramePool pool, FrameBatch batch, long from, long to) {
        Numbered.lease(pool, batch, (int) (to - from));
        for (int i = 0; i < to - from; i++) {
            Numbered.write(batch.get(i), from + i);
        }
    }

    private static long bytes(long from, long to) {
        long bytes = 0;
        for (long number = from; number < to; number++) {
            bytes += Numbered.bytes(number);
        }
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void framesGoBothWays(Bridge.Crossing crossing) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = device.open(pool, crossing);
             FrameBatch batch = pool.newBatch(16)) {
            device.arrive(1000);
            Numbered.receive(bridge, batch, 0, 1000);
            assertEquals(0, bridge.receive(batch));
            assertTrue(batch.isEmpty(), "the previous ones went back");
            fill(pool, batch, 0, 10);
            assertEquals(10, bridge.send(batch));
            assertTrue(batch.isEmpty());
            BridgeStatistics statistics = bridge.statistics();
            assertEquals(1000, statistics.rxFrames());
            assertEquals(bytes(0, 1000), statistics.rxBytes());
            assertEquals(10, statistics.txFrames());
            assertEquals(bytes(0, 10), statistics.txBytes());
            assertEquals("bridge 0 over a script", bridge.toString());
        }
    }

    @Test
    void itsFramesAreHitsOnce() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = device.open(pool);
             FrameBatch batch = pool.newBatch(16)) {
            device.arrive(16);
            assertEquals(16, bridge.receive(batch));
            assertEquals(16, pool.statistics().hits());
            assertEquals(PollerState.NONE, bridge.snapshot().poller());
        }
    }

    @Test
    void whatItBringsCanBeSentAsItIs() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = device.open(pool);
             FrameBatch batch = pool.newBatch(16)) {
            device.arrive(16);
            assertEquals(16, bridge.receive(batch));
            assertEquals(16, bridge.send(batch));
            assertEquals(bytes(0, 16), bridge.statistics().txBytes());
        }
    }

    @Test
    void whatItHasNoRoomForStaysWithTheSender() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = device.open(pool);
             FrameBatch batch = pool.newBatch(16)) {
            device.room.set(3);
            fill(pool, batch, 0, 8);
            assertEquals(3, bridge.send(batch));
            assertEquals(8, Numbered.check(batch, 3));
            bridge.unbindSender();
            batch.unbind();
            Elsewhere<Integer> sender = Elsewhere.start(() -> bridge.send(batch, Numbered.LONG));
            Sleepers.untilOneSleepsOnTheRing(pool);
            device.makeRoom(100);
            assertEquals(5, sender.result());
        }
    }

    @Test
    void framesThatItDetachesAreItsOwn() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = device.open(pool);
             FrameBatch batch = pool.newBatch(16)) {
            device.toKeep = 2;
            device.room.set(3);
            fill(pool, batch, 0, 8);
            assertEquals(5, bridge.send(batch), "two kept, three done with");
            assertEquals(8, Numbered.check(batch, 5));
            assertEquals(bytes(0, 5), bridge.statistics().txBytes());
            assertEquals(5, pool.audit().leased());
            for (long number = 0; number < 2; number++) {
                try (Frame frame = device.kept.remove()) {
                    assertEquals(number, Numbered.read(frame));
                }
            }
        }
    }

    @Test
    void aSourceTakesNothing() {
        JavaDevice ticks = frames -> {
            frames.get(0).put(8);
            return 1;
        };
        try (FramePool pool = pool(); Audits _ = Audits.of(pool);
             Bridge bridge = Bridge.builder(pool, ticks).mode(Bridge.Mode.INLINE).open();
             FrameBatch batch = pool.newBatch(16)) {
            assertEquals(1, bridge.receive(batch, Numbered.LONG));
            assertEquals(8, batch.get(0).length());
            assertEquals(0, bridge.send(batch));
            assertEquals(1, batch.size());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWaitingReceiverIsWokenByAnArrival(boolean virtual) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = device.open(pool)) {
            FrameBatch batch = pool.newBatch(8);
            Elsewhere<Integer> receiver = receive(bridge, batch, virtual);
            Sleepers.untilOneSleepsOnTheRing(pool);
            device.arrive(3);
            assertEquals(3, receiver.result());
        }
    }

    private static Elsewhere<Integer> receive(Bridge bridge, FrameBatch batch, boolean virtual) {
        Callable<Integer> body = () -> {
            int n = bridge.receive(batch, Numbered.LONG);
            batch.release();
            return n;
        };
        return virtual ? Elsewhere.startVirtual(body) : Elsewhere.start(body);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWaitingReceiverIsWokenByAnInterruptAndByClose(boolean virtual) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            Bridge bridge = device.open(pool);
            Elsewhere<Integer> interrupted = receive(bridge, pool.newBatch(8), virtual);
            Sleepers.untilOneSleepsOnTheRing(pool);
            interrupted.thread().interrupt();
            assertEquals(0, interrupted.result());
            Elsewhere<Integer> closed = receive(bridge, pool.newBatch(8), virtual);
            Sleepers.untilOneSleepsOnTheRing(pool);
            assertFalse(bridge.isClosed());
            bridge.close();
            assertEquals(-1, closed.result());
            assertEquals(1, device.closes.get());
        }
    }

    /// It is not asked while there is no frame for what it has, and is as soon as there is one.
    @Test
    void aStarvedReceiverGetsWhatComesBack() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = device.open(pool);
             FrameBatch all = pool.newBatch(FRAMES); FrameBatch batch = pool.newBatch(8)) {
            Numbered.lease(pool, all, FRAMES);
            device.arrive(5);
            assertEquals(0, bridge.receive(batch));
            bridge.unbindReceiver();
            batch.unbind();
            Elsewhere<Integer> receiver = receive(bridge, batch, false);
            Sleepers.untilOneSleepsOnTheRing(pool);
            all.release();
            assertEquals(5, receiver.result());
        }
    }

    @Test
    void itsBridgeIsInline() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> Bridge.open(pool, device));
            assertEquals("its thread is who receives and sends: a bridge over a script must have "
                    + "mode(Bridge.Mode.INLINE)", e.getMessage());
        }
    }

    @Test
    void oneThreadAtATimeHasBothEnds() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = device.open(pool);
             FrameBatch batch = pool.newBatch(8)) {
            assertEquals(0, bridge.receive(batch));
            Elsewhere.run(() -> {
                FrameBatch other = pool.newBatch(8);
                assertThrows(WrongThreadException.class, () -> bridge.receive(other));
                assertThrows(WrongThreadException.class, () -> bridge.send(other));
            });
        }
    }

    @Test
    void itClosesOnceAndItsNumberIsUsedAgain() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(8)) {
            for (int turn = 1; turn <= 3; turn++) {
                Bridge bridge = device.open(pool);
                device.arrive(4);
                assertEquals(4, bridge.receive(batch));
                bridge.close();
                bridge.close();
                assertEquals(-1, bridge.receive(batch));
                assertThrows(ClosedException.class, () -> bridge.send(batch));
                assertEquals(turn, device.closes.get());
                assertEquals(4, bridge.statistics().rxFrames());
            }
        }
    }
}
