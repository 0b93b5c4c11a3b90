// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/// Bridges as management tools find them, through the MBean of their pool: the figures, and who sleeps.
@SuppressWarnings("try") // bridges that are only looked at
class BridgeSnapshotTest {
    private static FramePoolBuilder pool() {
        return FramePool.builder().frames(16).frameSize(128).name("snapshots");
    }

    private static List<BridgeSnapshot> bridges() throws Exception {
        return JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(),
                new ObjectName("org.frameferry:type=FramePool,name=snapshots"), FramePoolMXBean.class).getBridges();
    }

    /// The only bridge. Without JMX, so that a test can wait for it.
    private static PollerState state(Bridge bridge) {
        return bridge.snapshot().poller();
    }

    @EachWay
    void theFiguresAreThoseOfTheStatistics(Way way) throws Exception {
        try (FramePool pool = pool().build(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(8)) {
            other.send(0, 7);
            Numbered.receive(bridge, batch, 0, 7);
            bridge.close();
            BridgeSnapshot b = bridge.snapshot();
            BridgeStatistics s = bridge.statistics();
            assertAll(() -> assertEquals(bridge.toString(), b.name()), () -> assertEquals(way.mode(), b.mode()),
                    () -> assertEquals(way.crossing(), b.crossing()), () -> assertEquals(7, b.rxFrames()),
                    () -> assertEquals(s.rxBytes(), b.rxBytes()), () -> assertEquals(s.rounds(), b.rounds()),
                    () -> assertEquals(s.receiveCalls(), b.receiveCalls()),
                    () -> assertEquals(s.armedTime().toNanos(), b.armedNanos()),
                    () -> assertEquals(s.pollingTime().toNanos(), b.pollingNanos()),
                    () -> assertEquals(s.receiveBuffer(), b.receiveBuffer()),
                    () -> assertEquals(PollerState.ENDED, b.poller()));
        }
    }

    @Test
    void allBridgesOfThePoolByNumber() throws Exception {
        try (FramePool pool = pool().ringCapacity(64).bridges(12).build(); Audits _ = Audits.of(pool)) {
            assertEquals(List.of(), bridges());
            List<Bridge> loops = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                loops.add(Bridge.open(pool, Loop.device()));
            }
            List<BridgeSnapshot> bridges = bridges();
            assertEquals(12, bridges.size());
            for (int i = 0; i < 12; i++) {
                assertEquals(loops.get(i).toString(), bridges.get(i).name());
                assertEquals(i, bridges.get(i).number());
                assertEquals(64, bridges.get(i).ringCapacity());
                assertEquals(PollerState.NONE, bridges.get(i).poller());
            }
            loops.forEach(Bridge::close);
            assertEquals(List.of(), bridges());
        }
    }

    @Test
    void aPollerThatIsAsleepAndAReceiverThatIs() throws Exception {
        try (FramePool pool = pool().build(); Audits _ = Audits.of(pool);
             Bridge bridge = Bridge.open(pool, Way.ANY_PORT)) {
            Elsewhere.until(() -> state(bridge) == PollerState.ASLEEP);
            Elsewhere<Integer> receiver = Sleepers.receiver(pool, bridge, false);
            assertEquals(true, bridges().getFirst().receiverSleeps());
            bridge.close();
            assertEquals(-1, receiver.result());
        }
    }

    @Test
    void aPollerWithAFullRing() throws Exception {
        try (FramePool pool = pool().ringCapacity(4).build(); Audits _ = Audits.of(pool);
             Bridge bridge = Bridge.open(pool, Way.ANY_PORT); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(8)) {
            other.send(0, 6);
            Elsewhere.until(() -> state(bridge) == PollerState.BLOCKED);
            assertEquals(4, bridges().getFirst().rxQueued());
            Numbered.receive(bridge, batch, 0, 6);
            Elsewhere.until(() -> state(bridge) == PollerState.ASLEEP);
        }
    }

    /// The second bridge of the pool, so that the first one's bit is not its own.
    @Test
    void aPollerWithoutFrames() throws Exception {
        try (FramePool pool = pool().build(); Audits _ = Audits.of(pool); Bridge idle = Bridge.open(pool, Way.ANY_PORT);
             Bridge bridge = Bridge.open(pool, Way.ANY_PORT); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(16)) {
            Elsewhere.until(() -> state(idle) == PollerState.ASLEEP); // before there are no frames for it, either
            Numbered.lease(pool, batch, 16);
            other.send(0, 1);
            Elsewhere.until(() -> state(bridge) == PollerState.STARVED);
            assertNotEquals(PollerState.STARVED, state(idle));
            batch.release();
            Numbered.receive(bridge, batch, 0, 1);
            Elsewhere.until(() -> state(bridge) == PollerState.ASLEEP);
        }
    }

    @Test
    void aSenderWithoutRoom() throws Exception {
        try (FramePool pool = pool().ringCapacity(4).build(); Audits _ = Audits.of(pool);
             Bridge loop = Bridge.open(pool, Loop.device()); FrameBatch batch = pool.newBatch(8)) {
            Elsewhere<Integer> sender = Elsewhere.start(() -> {
                try (FrameBatch sent = pool.newBatch(5)) {
                    pool.lease(sent, 5);
                    return loop.send(sent, Numbered.LONG);
                }
            });
            Elsewhere.until(() -> loop.snapshot().senderSleeps());
            assertEquals(4, loop.receive(batch, Numbered.LONG));
            assertEquals(5, sender.result());
        }
    }
}
