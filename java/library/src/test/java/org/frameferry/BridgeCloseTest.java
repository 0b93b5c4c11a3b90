// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.frameferry.bindings.FerryBindings;

/// Closing a bridge: from any thread, in the middle of anything. Who waits wakes, what was received can still be had,
/// what was sent is offered to the device, and then the bridge says that it is closed.
@SuppressWarnings("try") // closed in the middle of their block: that is what is tested
class BridgeCloseTest {
    private static FramePool pool() {
        return FramePool.builder().frames(64).frameSize(256).bridges(1).build();
    }

    @EachWay
    void wakesTheReceiver(Way way) throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
                Bridge bridge = way.open(pool);
                Elsewhere<Integer> receiver = Sleepers.receiver(pool, bridge, virtual);
                assertFalse(bridge.isClosed());
                bridge.close();
                assertTrue(bridge.isClosed());
                assertEquals(-1, receiver.result());
            }
        }
    }

    /// What the rx ring holds when another thread closes comes before the -1, and the -1 stays.
    @EachWay
    void theReceiverStillGetsWhatCameBefore(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(4)) {
            CountDownLatch queued = new CountDownLatch(1);
            CountDownLatch closed = new CountDownLatch(1);
            Elsewhere<Void> receiver = Elsewhere.start(() -> {
                long next = 0;
                for (int sent = 0; pool.audit().queued() == 0; sent += 10) {
                    other.send(sent, sent + 10);
                    next = bridge.receive(batch, Numbered.LONG) > 0 ? Numbered.check(batch, next) : next;
                }
                queued.countDown();
                closed.await();
                while (bridge.receive(batch, Numbered.LONG) > 0) {
                    next = Numbered.check(batch, next);
                }
                assertEquals(bridge.statistics().rxFrames(), next);
                assertEquals(-1, bridge.receive(batch));
                assertEquals(-1, bridge.receive(batch, Numbered.LONG));
                assertTrue(batch.isEmpty());
                return null;
            });
            queued.await();
            bridge.close();
            assertTrue(pool.audit().queued() > 0);
            closed.countDown();
            receiver.result();
            assertEquals(64, pool.audit().free());
        }
    }

    @EachWay
    void theEndGivesThePreviousFramesBack(Way way) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch batch = bridge.newBatch(4)) {
            Numbered.lease(pool, batch, 4);
            bridge.close();
            assertEquals(-1, bridge.receive(batch));
            assertEquals(0, pool.audit().leased());
            Numbered.lease(pool, batch, 2);
            assertEquals(-1, bridge.receive(batch), "and again");
            assertEquals(0, pool.audit().leased());
        }
    }

    /// A sender that found the bridge open, and lost its processor before it pushed: nobody will send that frame.
    @EachWay
    void whatIsSentMeanwhileIsCounted(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch batch = bridge.newBatch(1)) {
            assertEquals(0, bridge.send(batch)); // has the end from here on
            Elsewhere.run(bridge::close);
            Numbered.lease(pool, batch, 1);
            assertEquals(1, sendEnd(pool).push(batch.descriptors().memory, 1));
            batch.descriptors().size = 0;
            assertThrows(ClosedException.class, () -> bridge.send(batch));
            assertEquals(1, bridge.statistics().txDropped());
            assertEquals(0, pool.audit().queued());
        }
    }

    /// As the bridge has one.
    private static MappedRing sendEnd(FramePool pool) {
        long area = pool.geometry().bridgeOffset();
        return new MappedRing(pool.control(), area + FerryBindings.FERRY_BRIDGE_ERROR(),
                area + FerryBindings.FERRY_RING_BYTES(), area + pool.geometry().txSlots(),
                pool.geometry().ringCapacity(), true);
    }

    /// A thread that sends and receives: that its send is refused takes nothing from what it has still to receive.
    @EachWay
    void aRefusedSenderStillGetsWhatCameBefore(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge)) {
            CountDownLatch queued = new CountDownLatch(1);
            CountDownLatch closed = new CountDownLatch(1);
            Elsewhere<Void> both = Elsewhere.start(() -> {
                try (FrameBatch out = bridge.newBatch(1); FrameBatch in = bridge.newBatch(1)) {
                    long next = 0;
                    for (int sent = 0; pool.audit().queued() == 0; sent += 10) {
                        other.send(sent, sent + 10);
                        next = bridge.receive(in, Numbered.LONG) > 0 ? Numbered.check(in, next) : next;
                    }
                    queued.countDown();
                    closed.await();
                    assertThrows(ClosedException.class, () -> bridge.send(out));
                    while (bridge.receive(in) > 0) {
                        next = Numbered.check(in, next);
                    }
                    assertEquals(bridge.statistics().rxFrames(), next);
                }
                return null;
            });
            queued.await();
            bridge.close();
            closed.countDown();
            both.result();
            assertEquals(64, pool.audit().free());
        }
    }

    /// Who closes its own receive end is done with it: its batch is its own still, the rest goes back at once.
    @EachWay
    void fromTheReceivingThread(Way way) throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(2)) {
            other.send(0, 20);
            assertTrue(bridge.receive(batch, Numbered.LONG) > 0);
            bridge.close();
            assertEquals(batch.size(), Numbered.check(batch, 0));
            assertEquals(new PoolAudit(64, 64 - batch.size(), 0, 0, 0, batch.size(), 0, 0), pool.audit());
            assertEquals(-1, bridge.receive(batch));
            assertEquals(0, pool.audit().leased());
        }
    }

    @EachWay
    void closingTwiceDoesNothing(Way way) throws Exception {
        for (int round = 0; round < 20; round++) {
            try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool)) {
                CyclicBarrier barrier = new CyclicBarrier(2);
                Elsewhere<Void> other = Elsewhere.start(() -> {
                    barrier.await();
                    bridge.close();
                    assertTrue(bridge.isClosed());
                    return null;
                });
                barrier.await();
                bridge.close();
                other.result();
                bridge.close();
            }
        }
    }

    @EachWay
    void sendSaysThatItIsClosed(Way way) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch batch = bridge.newBatch(4)) {
            Numbered.lease(pool, batch, 4);
            bridge.close();
            String message = bridge + " is closed";
            assertEquals(message, assertThrows(ClosedException.class, () -> bridge.send(batch)).getMessage());
            assertEquals(message,
                    assertThrows(ClosedException.class, () -> bridge.send(batch, Numbered.LONG)).getMessage());
            assertEquals(4, batch.size(), "the batch still has its frames");
            batch.release();
            assertThrows(ClosedException.class, () -> bridge.send(batch), "even for nothing");
        }
    }

    /// A sender and a receiver at full speed, each in its own thread where the mode allows it.
    @EachWay
    void underFullTraffic(Way way) throws Exception {
        for (int round = 0; round < 20; round++) {
            try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool)) {
                Peer self = Peer.of(bridge.localAddress());
                Elsewhere<Integer> receiver = way.isInline() ? null : Elsewhere.start(() -> receiveAll(pool, bridge));
                Elsewhere<Void> sender = Elsewhere.start(() -> sendUntilClosed(pool, bridge, self, way.isInline()));
                Elsewhere.until(() -> bridge.statistics().txFrames() > 100);
                bridge.close();
                sender.result();
                if (receiver != null) {
                    assertEquals(-1, receiver.result());
                }
            }
        }
    }

    private static int receiveAll(FramePool pool, Bridge bridge) {
        try (FrameBatch batch = pool.newBatch(8)) {
            int n;
            do {
                n = bridge.receive(batch, Numbered.LONG);
            } while (n > 0);
            return n;
        }
    }

    private static Void sendUntilClosed(FramePool pool, Bridge bridge, Peer peer, boolean receiveToo) {
        try (FrameBatch batch = pool.newBatch(8)) {
            while (true) {
                pool.lease(batch, 8 - batch.size());
                for (Frame frame : batch) {
                    frame.trim(0).put(16).peer(peer);
                }
                bridge.send(batch, Numbered.LONG);
                if (receiveToo) {
                    bridge.receive(batch);
                }
            }
        } catch (ClosedException e) {
            return null;
        }
    }

    @EachWay
    void whatWasSentBeforeIsOfferedToTheDevice(Way way) throws IOException {
        for (int round = 0; round < 20; round++) {
            try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
                 OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(32)) {
                Numbered.lease(pool, batch, 0, 32, other.peer());
                assertEquals(32, bridge.send(batch, Numbered.LONG));
                bridge.close();
                other.receive(0, 32);
                assertEquals(32, bridge.statistics().txFrames());
            }
        }
    }

    @EachWay
    void statisticsStayAsTheyWere(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(8)) {
            other.send(0, 5);
            Numbered.receive(bridge, batch, 0, 5);
            bridge.send(batch, Numbered.LONG);
            bridge.close();
            BridgeStatistics last = bridge.statistics();
            assertEquals(5, last.rxFrames());
            assertTrue(last.receiveBuffer() > 0);
            assertEquals(-1, bridge.receive(batch));
            try (Bridge next = way.open(pool)) {
                assertEquals(0, next.statistics().rxFrames(), "the next bridge of that number starts at 0");
                assertEquals(last, bridge.statistics());
                assertEquals(-1, bridge.receive(batch), "the old one does not receive for the next");
                assertThrows(ClosedException.class, () -> bridge.send(batch));
                next.close();
            }
            assertEquals(last, bridge.statistics());
        }
    }

    @EachWay
    void closingThePoolClosesItsBridges(Way way) throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            FramePool pool = pool();
            Audits.assertAtRest(pool);
            Bridge bridge = way.open(pool);
            Elsewhere<Integer> receiver = Sleepers.receiver(pool, bridge, virtual);
            pool.close();
            assertTrue(bridge.isClosed());
            assertEquals(-1, receiver.result());
            FrameBatch batch = pool.newBatch(1);
            assertEquals(-1, bridge.receive(batch));
            assertThrows(ClosedException.class, () -> bridge.send(batch));
            bridge.close();
            assertEquals(0, bridge.statistics().rxFrames());
        }
    }

    /// The pool is taken away under threads that send, receive and read; none of them crashes, all of them end.
    @EachWay
    void closingThePoolUnderFullTraffic(Way way) throws Exception {
        for (int round = 0; round < 20; round++) {
            FramePool pool = pool();
            Audits.assertAtRest(pool);
            Bridge bridge = way.open(pool);
            Peer self = Peer.of(bridge.localAddress());
            Elsewhere<Void> sender = Elsewhere.start(() -> {
                try {
                    return sendUntilClosed(pool, bridge, self, way.isInline());
                } catch (IllegalStateException e) { // its memory was closed under a frame
                    return null;
                }
            });
            Elsewhere<Integer> receiver = way.isInline() ? null : Elsewhere.start(() -> receiveAll(pool, bridge));
            Elsewhere.until(() -> bridge.statistics().txFrames() > 100);
            Audits.closeUnderUse(pool);
            sender.result();
            if (receiver != null) {
                assertEquals(-1, receiver.result());
            }
        }
    }
}
