// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/// Whom the two ends of a bridge belong to, how they change hands, and how a thread that waits is interrupted, be it a
/// platform thread or a virtual one.
@SuppressWarnings("try") // another thread closes in the middle of the block
class BridgeThreadTest {
    private static final String RECEIVE_END = "the receive end of this bridge";
    private static final String SEND_END = "the send end of this bridge";
    private static final String BOTH_ENDS = "an inline bridge";

    private static FramePool pool() {
        return FramePool.builder().frames(64).frameSize(256).build();
    }

    private static void assertWrongThread(String end, Elsewhere.Action use) {
        String message = assertThrows(WrongThreadException.class, use::run).getMessage();
        assertTrue(message.startsWith(end + " belongs to thread Thread["), message);
    }

    @EachWay
    void eachEndBelongsToOneThread(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch mine = bridge.newBatch(4)) {
            bridge.receive(mine);
            bridge.send(mine);
            Elsewhere.run(() -> {
                FrameBatch theirs = bridge.newBatch(4);
                assertWrongThread(way.isInline() ? BOTH_ENDS : RECEIVE_END, () -> bridge.receive(theirs));
                assertWrongThread(way.isInline() ? BOTH_ENDS : RECEIVE_END,
                        () -> bridge.receive(theirs, Numbered.LONG));
                assertWrongThread(way.isInline() ? BOTH_ENDS : SEND_END, () -> bridge.send(theirs));
                assertWrongThread(way.isInline() ? BOTH_ENDS : SEND_END, () -> bridge.send(theirs, Numbered.LONG));
                assertWrongThread(way.isInline() ? BOTH_ENDS : RECEIVE_END, bridge::unbindReceiver);
                assertWrongThread(way.isInline() ? BOTH_ENDS : SEND_END, bridge::unbindSender);
            });
            assertEquals(0, bridge.receive(mine), "it is still ours");
        }
    }

    @EachWay
    void oneThreadForEachEndUnlessInline(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch mine = bridge.newBatch(4)) {
            bridge.receive(mine);
            Elsewhere.run(() -> {
                FrameBatch theirs = bridge.newBatch(4);
                if (way.isInline()) {
                    assertWrongThread(BOTH_ENDS, () -> bridge.send(theirs));
                } else {
                    assertEquals(0, bridge.send(theirs));
                }
            });
        }
    }

    /// What anybody may ask, while both ends belong to another thread.
    @EachWay
    void theRestIsForAnyThread(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch mine = bridge.newBatch(4)) {
            bridge.receive(mine);
            bridge.send(mine);
            Elsewhere.run(() -> {
                assertEquals(0, bridge.statistics().rxFrames());
                assertEquals(way.mode(), bridge.mode());
                assertEquals(way.crossing(), bridge.crossing());
                assertTrue(bridge.localAddress().getPort() > 0);
                assertTrue(bridge.toString().contains("UDP /127.0.0.1:0"), bridge.toString());
                assertFalse(bridge.isClosed());
                bridge.close();
            });
            assertEquals(-1, bridge.receive(mine));
        }
    }

    @EachWay
    void theReceiveEndIsHandedOver(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(8)) {
            for (int i = 0; i < 60; i += 20) {
                int from = i;
                other.send(from, from + 20);
                Numbered.receive(bridge, batch, from, from + 1);
                long next = Numbered.check(batch, from);
                batch.unbind();
                bridge.unbindReceiver();
                CountDownLatch bound = new CountDownLatch(1);
                CountDownLatch tried = new CountDownLatch(1);
                Elsewhere<Void> successor = Elsewhere.start(() -> {
                    Numbered.receive(bridge, batch, next, from + 20);
                    bound.countDown();
                    tried.await();
                    batch.unbind();
                    bridge.unbindReceiver();
                    return null;
                });
                bound.await();
                assertThrows(WrongThreadException.class, () -> bridge.receive(pool.newBatch(1)));
                tried.countDown();
                successor.result();
            }
        }
    }

    @EachWay
    void theSendEndIsHandedOver(Way way) throws Exception {
        try (FramePool pool = FramePool.builder().frames(512).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(8)) {
            Numbered.lease(pool, batch, 0, 8, other.peer());
            bridge.send(batch, Numbered.LONG);
            bridge.unbindSender();
            Elsewhere.run(() -> {
                try (FrameBatch theirs = bridge.newBatch(8)) {
                    Numbered.lease(pool, theirs, 8, 16, other.peer());
                    bridge.send(theirs, Numbered.LONG);
                }
            });
            Numbered.lease(pool, batch, 16, 17, other.peer());
            bridge.send(batch, Numbered.LONG); // that thread has ended, so the end is free
            other.receive(0, 17);
        }
    }

    @EachWay
    void anInterruptEndsTheWait(Way way) throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool)) {
                FrameBatch batch = pool.newBatch(4);
                Elsewhere<Boolean> receiver = start(virtual, () -> {
                    assertEquals(0, bridge.receive(batch, Numbered.LONG));
                    assertEquals(0, bridge.receive(batch, Numbered.LONG), "the status is set, so it does not wait");
                    return Thread.interrupted();
                });
                Sleepers.untilReceiverSleeps(pool, bridge);
                receiver.thread().interrupt();
                assertTrue(receiver.result(), "the thread's interrupt status");
            }
        }
    }

    private static <T> Elsewhere<T> start(boolean virtual, Callable<T> body) {
        return virtual ? Elsewhere.startVirtual(body) : Elsewhere.start(body);
    }

    @EachWay
    void anInterruptedThreadGetsWhatIsThere(Way way) throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
                 OtherSide other = OtherSide.of(bridge)) {
                start(virtual, () -> {
                    try (FrameBatch batch = pool.newBatch(4)) {
                        other.send(0, 4);
                        Thread.currentThread().interrupt();
                        for (long next = 0; next < 4; next = Numbered.check(batch, next)) {
                            bridge.receive(batch, Numbered.LONG);
                        }
                        assertTrue(Thread.interrupted());
                        return null;
                    }
                }).result();
            }
        }
    }

    /// After an interrupt the bridge is as before: it waits, and is woken, again.
    @EachWay
    void theNextWaitIsAWaitAgain(Way way) throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
                 OtherSide other = OtherSide.of(bridge)) {
                FrameBatch batch = pool.newBatch(4);
                CountDownLatch interrupted = new CountDownLatch(1);
                Elsewhere<Void> receiver = start(virtual, () -> {
                    assertEquals(0, bridge.receive(batch, Numbered.LONG));
                    assertTrue(Thread.interrupted());
                    interrupted.countDown();
                    Numbered.receive(bridge, batch, 0, 20);
                    batch.release();
                    return null;
                });
                Sleepers.untilReceiverSleeps(pool, bridge);
                receiver.thread().interrupt();
                interrupted.await();
                for (int i = 0; i < 20; i++) {
                    other.send(i, i + 1);
                }
                receiver.result();
            }
        }
    }

    /// An interrupted thread does not wait for room: what does not fit at once stays in its batch.
    @EachWay
    void anInterruptedSenderKeepsTheRest(Way way) throws IOException {
        try (FramePool pool = FramePool.builder().frames(64).ringCapacity(2).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(64)) {
            Numbered.lease(pool, batch, 0, 64, other.peer());
            Thread.currentThread().interrupt();
            int sent = bridge.send(batch, Numbered.LONG);
            assertTrue(Thread.interrupted());
            assertTrue(sent <= 2, "sent " + sent + " into a ring of 2, without a wait");
            assertEquals(64 - sent, batch.size());
            assertEquals(64, Numbered.check(batch, sent));
            bridge.send(batch, Numbered.LONG);
            other.receive(0, 64);
        }
    }

    /// Virtual threads that wait do not keep the carriers from running others, however many they are.
    @EachWay
    void waitingVirtualThreadsHoldNoCarrier(Way way) throws Exception {
        int many = Runtime.getRuntime().availableProcessors() + 2;
        try (FramePool pool = FramePool.builder().frames(64).bridges(64).build(); Audits _ = Audits.of(pool)) {
            List<Bridge> bridges = new ArrayList<>();
            List<Elsewhere<Void>> receivers = new ArrayList<>();
            for (int i = 0; i < Math.min(many, 64); i++) {
                Bridge bridge = way.open(pool);
                bridges.add(bridge);
                receivers.add(Elsewhere.startVirtual(() -> {
                    try (FrameBatch batch = pool.newBatch(1)) {
                        Numbered.receive(bridge, batch, 0, 1);
                    }
                    return null;
                }));
            }
            Elsewhere.until(() -> bridges.stream().allMatch(bridge -> bridge.statistics().receiveCalls() > 0));
            assertEquals(1, Elsewhere.startVirtual(() -> 1).result());
            for (Bridge bridge : bridges) {
                try (OtherSide other = OtherSide.of(bridge)) {
                    other.send(0, 1);
                }
            }
            for (Elsewhere<Void> receiver : receivers) {
                receiver.result();
            }
            bridges.forEach(Bridge::close);
        }
    }
}
