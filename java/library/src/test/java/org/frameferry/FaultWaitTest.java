// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Threads that wait, in storms of signals and of interrupts: no wait ends for a signal, none is prolonged by one, and
/// what is received is all that was sent.
class FaultWaitTest {
    private static final int DATAGRAMS = 1000;
    private static final int AT_ONCE = 10; // which fit into any receive buffer

    private static FramePool pool() {
        return FramePool.builder().frames(64).frameSize(256).build();
    }

    /// A few datagrams at a time, so that the receiver sleeps in between.
    private static void sendSlowly(OtherSide other, Bridge bridge) throws Exception {
        for (int sent = 0; sent < DATAGRAMS; sent += AT_ONCE) {
            other.send(sent, sent + AT_ONCE);
            int all = sent + AT_ONCE;
            Elsewhere.until(() -> bridge.statistics().rxFrames() == all);
        }
    }

    @EachWay
    void signalsEndNoWait(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge)) {
            AtomicInteger number = new AtomicInteger();
            CountDownLatch calm = new CountDownLatch(1);
            Elsewhere<Void> receiver = Elsewhere.start(() -> {
                number.set(SignalStorm.thisThread());
                try (FrameBatch batch = pool.newBatch(8)) {
                    Numbered.receive(bridge, batch, 0, DATAGRAMS); // no call comes back with nothing
                }
                calm.await();
                return null;
            });
            Elsewhere.until(() -> number.get() != 0);
            try (SignalStorm _ = SignalStorm.on(number.get())) {
                sendSlowly(other, bridge);
            }
            calm.countDown();
            receiver.result();
        }
    }

    /// In the same thread, which would be kept for ever by waits that begin anew.
    @EachWay
    void signalsProlongNoWait(Way way) throws Exception {
        Duration patience = Duration.ofMillis(20);
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch batch = pool.newBatch(64); SignalStorm _ = SignalStorm.on(SignalStorm.thisThread())) {
            assertEquals(0, bridge.receive(batch, patience));
            Numbered.lease(pool, batch, 64);
            assertThrows(PoolExhaustedException.class, () -> pool.lease(patience));
        }
    }

    @EachWay
    void interruptsLoseNothing(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge)) {
            AtomicBoolean over = new AtomicBoolean();
            Elsewhere<Long> receiver = Elsewhere.start(() -> {
                try (FrameBatch batch = pool.newBatch(8)) {
                    for (long next = 0; next < DATAGRAMS;) {
                        int n = bridge.receive(batch, Numbered.LONG);
                        assertTrue(n > 0 || Thread.interrupted(), "it came back with nothing, for nothing");
                        next = Numbered.check(batch, next);
                    }
                    return bridge.statistics().rxFrames();
                }
            });
            Elsewhere<Void> storm = Elsewhere.start(() -> {
                while (!over.get()) {
                    receiver.thread().interrupt();
                    Thread.sleep(0, 20_000);
                }
                return null;
            });
            sendSlowly(other, bridge);
            assertEquals(DATAGRAMS, receiver.result());
            over.set(true);
            storm.result();
        }
    }
}
