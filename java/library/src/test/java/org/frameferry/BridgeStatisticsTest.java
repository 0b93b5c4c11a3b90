// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// The counters of a bridge: each datagram is counted once, under what became of it, whoever looks.
@SuppressWarnings("try") // one test looks at a bridge that it has closed
class BridgeStatisticsTest {
    private static FramePool pool() {
        return FramePool.builder().frames(256).frameSize(256).build();
    }

    private static long bytes(int from, int to) {
        long bytes = 0;
        for (int i = from; i < to; i++) {
            bytes += Numbered.bytes(i);
        }
        return bytes;
    }

    @EachWay
    void framesAndBytesBothWays(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(100)) {
            other.send(0, 70);
            Numbered.receive(bridge, batch, 0, 70);
            batch.release();
            Numbered.lease(pool, batch, 100, 150, other.peer());
            bridge.send(batch, Numbered.LONG);
            Elsewhere.until(() -> bridge.statistics().txBytes() == bytes(100, 150));
            BridgeStatistics s = bridge.statistics();
            assertEquals(70, s.rxFrames());
            assertEquals(bytes(0, 70), s.rxBytes());
            assertEquals(50, s.txFrames());
            assertEquals(bytes(100, 150), s.txBytes());
            assertEquals(0, s.rxQueued());
            assertEquals(0, s.txQueued());
            assertEquals(0, s.rxDroppedNoFrame() + s.rxDroppedRingFull() + s.rxDroppedOversize() + s.rxDroppedDevice()
                    + s.rxErrors() + s.txDropped());
        }
    }

    @EachWay
    void queuedFrames(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(3)) {
            other.send(0, 20);
            Numbered.receive(bridge, batch, 0, 1);
            Elsewhere.until(() -> way.isInline() || bridge.statistics().rxQueued() == 20 - batch.size());
            BridgeStatistics s = bridge.statistics();
            assertEquals(s.rxFrames() - batch.size(), s.rxQueued());
            assertEquals(s.rxQueued(), pool.audit().queued());
            Numbered.receive(bridge, batch, batch.size(), 20);
            assertEquals(0, bridge.statistics().rxQueued());
        }
    }

    /// The kernel's buffer holds a few datagrams; nobody reads while hundreds come. What it dropped is counted, to the
    /// last one, although nothing arrives after it that could carry the news.
    @EachWay
    void theKernelsDrops(Way way) throws Exception {
        int sent = 500;
        try (FramePool pool = FramePool.builder().frames(8).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.open(pool, Way.ANY_PORT.receiveBuffer(1)); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(8)) {
            other.send(0, sent);
            long received = 0;
            while (received + bridge.statistics().rxDroppedDevice() < sent) {
                received += Math.max(0, bridge.receive(batch, Duration.ofMillis(10)));
            }
            BridgeStatistics s = bridge.statistics();
            assertEquals(sent, received + s.rxDroppedDevice());
            assertEquals(received, s.rxFrames());
            assertTrue(s.rxDroppedDevice() > 0, "nothing was dropped");
            assertTrue(received > 0, "nothing was received");
            assertEquals(0, bridge.receive(batch, Duration.ofMillis(10)));
            bridge.close();
            assertEquals(sent - received, bridge.statistics().rxDroppedDevice());
        }
    }

    @EachWay
    void oversizeIsCountedAndNothingElse(Way way) throws IOException {
        try (FramePool pool = FramePool.builder().frames(4).frameSize(64).headroom(0).build();
             Audits _ = Audits.of(pool); Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(4)) {
            for (int i = 0; i < 30; i++) {
                other.sendBytes(1000);
            }
            other.send(0, 1);
            Numbered.receive(bridge, batch, 0, 1);
            assertEquals(30, bridge.statistics().rxDroppedOversize());
            assertEquals(1, bridge.statistics().rxFrames());
            assertEquals(0, bridge.statistics().rxErrors());
        }
    }

    @EachWay
    void theReceiveBufferIsWhatWasGranted(Way way) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool);
             Bridge asked = way.open(pool, Way.ANY_PORT.receiveBuffer(100_000)); Bridge unasked = way.open(pool);
             Bridge least = way.open(pool, Way.ANY_PORT.receiveBuffer(1))) {
            assertEquals(100_000, asked.statistics().receiveBuffer());
            assertTrue(unasked.statistics().receiveBuffer() > 0);
            assertTrue(least.statistics().receiveBuffer() > 1, "the kernel has a least value");
            assertTrue(least.statistics().receiveBuffer() < 10_000);
        }
    }

    /// An ICMP message tells that nobody listens there: an error that passes, and is counted.
    @EachWay
    void nobodyListens(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            InetSocketAddress gone;
            try (Bridge closed = way.open(pool)) {
                gone = closed.localAddress();
            }
            try (Bridge bridge = way.open(pool, Way.ANY_PORT.connect(gone)); FrameBatch batch = bridge.newBatch(1)) {
                Numbered.lease(pool, batch, 1);
                bridge.send(batch, Numbered.LONG);
                while (bridge.statistics().rxErrors() == 0) {
                    assertEquals(0, bridge.receive(batch, Duration.ofMillis(5)));
                }
                try (OtherSide other = OtherSide.at(gone)) {
                    other.meet(bridge);
                    other.send(0, 1);
                    Numbered.receive(bridge, batch, 0, 1);
                }
                assertEquals(1, bridge.statistics().rxErrors());
                assertEquals(1, bridge.statistics().rxFrames());
            }
        }
    }

    @EachWay
    void rounds(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool);
             Bridge bridge = way.builder(pool, Way.ANY_PORT).budget(1).open(); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(8)) {
            other.send(0, 5);
            Numbered.receive(bridge, batch, 0, 5);
            bridge.receive(batch, Duration.ofMillis(1));
            Elsewhere.until(() -> bridge.statistics().emptyRounds() > 0);
            BridgeStatistics s = bridge.statistics();
            assertEquals(5, s.fullRounds(), "with a budget of one each frame takes a whole round");
            assertTrue(s.rounds() >= s.fullRounds() + s.emptyRounds());
        }
    }

    @EachWay
    void anIdleBridgeIsArmedAndSleeps(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch batch = bridge.newBatch(8)) {
            bridge.receive(batch, Duration.ofMillis(1));
            Elsewhere.until(() -> bridge.statistics().slept() > 0);
            BridgeStatistics s = bridge.statistics();
            assertTrue(s.armed() >= s.slept());
            assertTrue(s.interrupts() <= s.slept());
            bridge.receive(batch, Duration.ofMillis(1));
            Elsewhere.until(() -> bridge.statistics().armedTime().compareTo(s.armedTime()) > 0);
            assertEquals(Duration.ZERO, s.restedTime());
            assertTrue(bridge.statistics().pollingTime().isPositive());
            assertEquals(0, s.starved());
            assertEquals(0, s.blocked());
        }
    }

    /// What crosses and what does not: the mapped ring is worked without a call where nothing has to be given back.
    @EachWay
    void foreignCalls(Way way) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch batch = bridge.newBatch(8)) {
            for (int i = 0; i < 10; i++) {
                assertEquals(0, bridge.receive(batch));
            }
            boolean noCall = way.equals(new Way(Bridge.Mode.THREADED, Bridge.Crossing.MAPPED));
            assertEquals(noCall ? 0 : 10, bridge.statistics().receiveCalls());
            assertEquals(0, bridge.statistics().sendCalls());
        }
    }

    /// A hundred frames that are there already take one call.
    @EachWay
    void aBatchIsOneCall(Way way) throws Exception {
        assumeTrue(!way.isInline(), "without a poller nothing is in the ring before the call");
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(100)) {
            other.send(0, 100);
            Elsewhere.until(() -> bridge.statistics().rxQueued() == 100);
            assertEquals(100, bridge.receive(batch));
            boolean mapped = way.crossing() == Bridge.Crossing.MAPPED;
            assertEquals(mapped ? 0 : 1, bridge.statistics().receiveCalls());
            assertEquals(100, Numbered.check(batch, 0));
            assertEquals(100, bridge.send(batch));
            long calls = bridge.statistics().sendCalls();
            assertTrue(calls <= (mapped ? 1 : 2), calls + " calls: the frames' and a wake-up's at most");
        }
    }
}
