// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Devices written in Java that fail, answer nonsense, or lay hands on what they are shown: the bridge ends and says
/// why, or goes on, and no frame is lost.
class JavaDeviceFaultTest {
    private final ScriptedDevice device = new ScriptedDevice();

    private static FramePool pool() {
        return FramePool.builder().frames(16).frameSize(256).bridges(1).build();
    }

    private static Bridge open(FramePool pool, JavaDevice device) {
        return Bridge.builder(pool, device).mode(Bridge.Mode.INLINE).open();
    }

    /// A device that fills like this and transmits likewise.
    private static JavaDevice of(ToIntFunction<FrameBatch> body) {
        return new JavaDevice() {
            @Override
            public int fill(FrameBatch frames) {
                return body.applyAsInt(frames);
            }

            @Override
            public int transmit(FrameBatch frames) {
                return body.applyAsInt(frames);
            }

            @Override
            public String toString() {
                return "nonsense";
            }
        };
    }

    private static FrameBatch batchOf(FramePool pool, int n) {
        FrameBatch batch = pool.newBatch(8);
        Numbered.lease(pool, batch, n);
        return batch;
    }

    private static void assertEnded(Bridge bridge, Throwable cause, FrameBatch batch) {
        for (int i = 0; i < 2; i++) {
            FerryException received = assertThrows(FerryException.class, () -> bridge.receive(batch, Numbered.LONG));
            assertEquals("FERRY_EDEVICE", received.error());
            assertEquals(bridge + " has ended: " + cause, received.getMessage());
            assertSame(cause, received.getCause());
            assertTrue(batch.isEmpty());
            assertSame(cause, assertThrows(FerryException.class, () -> bridge.send(batch)).getCause());
        }
    }

    @Test
    void whatFillThrowsEndsTheBridge() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = device.open(pool);
             FrameBatch batch = pool.newBatch(8)) {
            device.arrive(4);
            assertEquals(4, bridge.receive(batch));
            device.fault = new IOException("the cable is out");
            assertEnded(bridge, device.fault, batch);
            assertEquals(4, bridge.statistics().rxFrames());
        }
    }

    @Test
    void whatTransmitThrowsEndsTheBridge() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = device.open(pool);
             FrameBatch batch = batchOf(pool, 5)) {
            device.fault = new IOException("the cable is out");
            assertSame(device.fault, assertThrows(FerryException.class, () -> bridge.send(batch)).getCause());
            assertEquals(5, batch.size(), "they are still the sender's");
            assertEnded(bridge, device.fault, batch);
            assertEquals(0, bridge.statistics().txFrames());
        }
    }

    @Test
    void whatOpenThrowsIsTold() {
        device.fault = new IOException("no such cable");
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            for (int i = 0; i < 2; i++) { // the pool has place for one
                FerryException e = assertThrows(FerryException.class, () -> device.open(pool));
                assertEquals("cannot open bridge 0 over a script: java.io.IOException: no such cable", e.getMessage());
                assertSame(device.fault, e.getCause());
            }
            assertEquals(0, device.closes.get());
            device.fault = null;
            device.open(pool).close();
        }
    }

    @Test
    void whatCloseThrowsStopsNobody() {
        JavaDevice careless = new JavaDevice() {
            @Override
            public int fill(FrameBatch frames) {
                return 0;
            }

            @Override
            public void close() {
                throw new IllegalStateException("open or closed, who knows");
            }
        };
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            Bridge bridge = open(pool, careless);
            bridge.close();
            assertTrue(bridge.isClosed());
            open(pool, careless).close();
        }
    }

    /// It was shown eight, and five.
    @ParameterizedTest
    @ValueSource(ints = {-1, 9, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void anAnswerThatCannotBeEndsTheBridge(int answer) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = batchOf(pool, 5)) {
            try (Bridge bridge = open(pool, of(_ -> answer))) {
                FerryException e = assertThrows(FerryException.class, () -> bridge.send(batch));
                assertEquals("bridge 0 over nonsense has ended: java.lang.IllegalStateException: "
                        + "the device answered with " + answer + ", which is not in 0 .. 5", e.getMessage());
                assertEquals(5, batch.size());
            }
            try (Bridge bridge = open(pool, of(_ -> answer))) {
                FerryException e = assertThrows(FerryException.class, () -> bridge.receive(batch));
                assertTrue(e.getMessage().endsWith(answer + ", which is not in 0 .. 8"), e.getMessage());
                assertTrue(batch.isEmpty());
            }
        }
    }

    /// Each leaves the batch as no device should; then it answers with what it is shown of it.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void whatItDoesToTheBatchLosesNothing(int mischief) {
        AtomicReference<FrameBatch> shown = new AtomicReference<>();
        List<Frame> kept = new ArrayList<>();
        FramePool pool = pool();
        try (pool; Audits _ = Audits.of(pool); FrameBatch batch = batchOf(pool, 5);
             ExecutorService stranger = Executors.newSingleThreadExecutor(); // whose thread goes on living
             Bridge bridge = open(pool, of(frames -> {
                 shown.set(frames);
                 switch (mischief) {
                     case 0 -> frames.release();
                     case 1 -> kept.add(frames.detach(0));
                     case 2 -> pool.lease(frames, 3); // more than there were
                     case 3 -> {
                         frames.unbind();
                         CompletableFuture.runAsync(frames::release, stranger).join();
                     }
                     default -> frames.get(0).put(256).push(0);
                 }
                 return mischief == 2 ? 0 : frames.size();
             }))) {
            assertTrue(bridge.send(batch) <= 5);
            assertTrue(batch.size() <= 5);
            assertTrue(bridge.receive(batch) <= 8);
            assertEquals(0, shown.get().size(), "what it was shown is not its own");
            shown.get().release();
            kept.forEach(Frame::release);
        }
    }

    /// As a test's own assertions are.
    @Test
    void anErrorPassesThroughAndTheBridgeGoesOn() {
        AtomicReference<Error> fault = new AtomicReference<>(new AssertionError("as expected"));
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = batchOf(pool, 5);
             Bridge bridge = open(pool, of(frames -> {
                 if (fault.get() != null) {
                     throw fault.get();
                 }
                 return frames.size();
             }))) {
            assertSame(fault.get(), assertThrows(AssertionError.class, () -> bridge.send(batch)));
            assertEquals(5, batch.size());
            assertSame(fault.get(), assertThrows(AssertionError.class, () -> bridge.receive(batch)));
            assertEquals(0, pool.audit().leased());
            fault.set(null);
            assertEquals(8, bridge.receive(batch));
        }
    }

    private static int deeper(int n) {
        return n + deeper(n + 1);
    }

    @Test
    void aStackThatEndsInItEndsNothing() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(8);
             Bridge bridge = open(pool, of(frames -> deeper(frames.size())))) {
            assertThrows(StackOverflowError.class, () -> bridge.receive(batch));
            assertThrows(StackOverflowError.class, () -> bridge.receive(batch));
            assertEquals(0, pool.audit().leased());
        }
    }

    @Test
    void itMustNotUseItsOwnBridge() {
        AtomicReference<Bridge> own = new AtomicReference<>();
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(8);
             Bridge bridge = open(pool, of(frames -> own.get().receive(frames)))) {
            own.set(bridge);
            Throwable cause = assertThrows(FerryException.class, () -> bridge.receive(batch)).getCause();
            assertInstanceOf(IllegalStateException.class, cause);
            assertEquals("a device must not receive or send over its own bridge", cause.getMessage());
        }
    }

    /// What it has brought by then is still received.
    @Test
    void itMayCloseItsOwnBridge() {
        AtomicReference<Bridge> own = new AtomicReference<>();
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(8)) {
            Bridge bridge = open(pool, of(frames -> {
                own.get().close();
                return 3;
            }));
            own.set(bridge);
            assertEquals(3, bridge.receive(batch));
            assertEquals(-1, bridge.receive(batch));
        }
    }

    /// A thread inside the device holds up nobody who closes, and closes the device when it leaves it.
    @Test
    void closeDoesNotWaitForIt() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        JavaDevice slow = new JavaDevice() {
            @Override
            public int fill(FrameBatch frames) throws InterruptedException {
                inside.countDown();
                leave.await();
                return 2;
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            Bridge bridge = open(pool, slow);
            FrameBatch batch = pool.newBatch(8);
            Elsewhere<Integer> receiver = Elsewhere.start(() -> {
                int first = bridge.receive(batch);
                return 10 * first + bridge.receive(batch);
            });
            inside.await();
            bridge.close();
            assertEquals(1, closed.getCount());
            leave.countDown();
            assertEquals(19, receiver.result(), "two frames, then the end");
            assertEquals(0, closed.getCount());
        }
    }
}
