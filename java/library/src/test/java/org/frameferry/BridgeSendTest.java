// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What Java sends reaches real sockets, in order and undamaged; what cannot be sent is counted and its frame not lost.
class BridgeSendTest {
    private static final int LONGEST = 65507; // bytes of data in a UDP datagram over IPv4

    private static FramePool pool() {
        return FramePool.builder().frames(256).frameSize(256).build();
    }

    /// The ring is emptied after all has been counted.
    private static void untilSent(Bridge bridge, long frames) throws InterruptedException {
        Elsewhere.until(() -> bridge.statistics().txFrames() + bridge.statistics().txDropped() == frames
                && bridge.statistics().txQueued() == 0);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("org.frameferry.BridgeReceiveTest#strategies")
    void leasedFrames(Way way, WaitStrategy strategy) throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool);
             Bridge bridge = way.builder(pool, Way.ANY_PORT).waitStrategy(strategy).open();
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(64)) {
            for (int i = 0; i < 2000; i += 50) {
                Numbered.lease(pool, batch, i, i + 50, other.peer());
                assertEquals(50, bridge.send(batch, Numbered.LONG));
                assertTrue(batch.isEmpty());
                other.receive(i, i + 50);
            }
        }
    }

    /// A received batch goes back as it is.
    @EachWay
    void echo(Way way) throws Exception {
        try (FramePool pool = FramePool.builder().frames(32).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(16)) {
            for (int i = 0; i < 1000; i += 20) {
                other.send(i, i + 20);
                for (int echoed = 0; echoed < 20;) {
                    int n = bridge.receive(batch, Numbered.LONG);
                    assertEquals(n, bridge.send(batch, Numbered.LONG));
                    assertTrue(batch.isEmpty());
                    echoed += n;
                }
                other.receive(i, i + 20);
            }
            untilSent(bridge, 1000);
            assertEquals(1000, bridge.statistics().rxFrames());
            assertEquals(1000, bridge.statistics().txFrames());
            assertEquals(bridge.statistics().rxBytes(), bridge.statistics().txBytes());
        }
    }

    /// Without headers in the way: push and pull decide which bytes are sent.
    @EachWay
    void onlyTheDataOfAFrame(Way way) throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(1)) {
            Numbered.lease(pool, batch, 5, 6, other.peer());
            batch.get(0).push(20).pull(20);
            bridge.send(batch, Numbered.LONG);
            other.receive(5, 6);
            Numbered.lease(pool, batch, 7, 8, other.peer());
            batch.get(0).push(20).put(3);
            bridge.send(batch, Numbered.LONG);
            assertEquals(Numbered.bytes(7) + 23, other.receive().remaining());
        }
    }

    @EachWay
    void nothingToSend(Way way) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch batch = bridge.newBatch(8)) {
            assertEquals(0, bridge.send(batch));
            assertEquals(0, bridge.send(batch, Numbered.LONG));
            assertEquals(0, bridge.statistics().txFrames());
        }
    }

    /// The ring holds 4. What does not fit stays in the batch, in order, and goes next time.
    @EachWay
    void takesWhatFitsFromTheFront(Way way) throws IOException {
        try (FramePool pool = FramePool.builder().frames(64).ringCapacity(4).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(10)) {
            Numbered.lease(pool, batch, 0, 10, other.peer());
            for (int sent = 0; sent < 10;) {
                int n = bridge.send(batch);
                assertTrue(n >= 0 && n <= 4, "sent " + n + " into a ring of 4");
                sent += n;
                assertEquals(10 - sent, batch.size());
                assertEquals(10, Numbered.check(batch, sent));
            }
            other.receive(0, 10);
        }
    }

    @EachWay
    void patienceFitsAll(Way way) throws IOException {
        try (FramePool pool = FramePool.builder().frames(256).ringCapacity(2).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(200)) {
            Numbered.lease(pool, batch, 0, 200, other.peer());
            assertEquals(200, bridge.send(batch, Numbered.LONG));
            other.receive(0, 200);
        }
    }

    @EachWay
    void noPatienceAtAll(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(8)) {
            Numbered.lease(pool, batch, 0, 8, other.peer());
            assertEquals(8, bridge.send(batch, Duration.ofNanos(-1)), "there is room for all");
            other.receive(0, 8);
        }
    }

    @EachWay
    void withoutAPeer(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(8)) {
            Numbered.lease(pool, batch, 0, 2, other.peer());
            Numbered.lease(pool, batch, 3);
            assertEquals(5, bridge.send(batch, Numbered.LONG), "taken, all of them");
            Numbered.lease(pool, batch, 2, 4, other.peer());
            bridge.send(batch, Numbered.LONG);
            other.receive(0, 4);
            untilSent(bridge, 7);
            assertEquals(3, bridge.statistics().txDropped());
            assertEquals(4, bridge.statistics().txFrames());
        }
    }

    @EachWay
    void longerThanADatagram(Way way) throws Exception {
        try (FramePool pool = FramePool.builder().frames(4).frameSize(70_000).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.open(pool, Way.ANY_PORT.sendBuffer(200_000));
             FrameBatch batch = bridge.newBatch(2)) {
            Peer self = Peer.of(bridge.localAddress());
            Numbered.lease(pool, batch, 2);
            batch.get(0).put(LONGEST + 1).peer(self);
            batch.get(1).put(LONGEST).peer(self);
            assertEquals(2, bridge.send(batch, Numbered.LONG));
            untilSent(bridge, 2);
            assertEquals(1, bridge.statistics().txDropped());
            assertEquals(LONGEST, bridge.statistics().txBytes());
            assertEquals(1, bridge.receive(batch, Numbered.LONG));
            assertEquals(LONGEST, batch.get(0).length());
        }
    }

    /// A thread that only leases and sends gets the frames that were sent back, whatever the pool's size.
    @EachWay
    void whatWasSentCanBeLeasedAgain(Way way) throws IOException {
        for (int frames : new int[] {1, 63, 64, 200}) {
            try (FramePool pool = FramePool.builder().frames(frames).build(); Audits _ = Audits.of(pool);
                 Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
                 FrameBatch batch = bridge.newBatch(50)) {
                for (long sent = 0; sent < 1000;) {
                    int n = pool.lease(batch, 50);
                    for (int i = 0; i < n; i++) {
                        Numbered.write(batch.get(i), sent + i).peer(other.peer());
                    }
                    assertEquals(n, bridge.send(batch, Numbered.LONG));
                    other.receive(sent, sent + n);
                    sent += n;
                }
            }
        }
    }

    @EachWay
    void toManyPeersFromOneBatch(Way way) throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide one = OtherSide.of(bridge); OtherSide two = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(8)) {
            for (int i = 0; i < 8; i++) {
                Numbered.lease(pool, batch, i / 2, i / 2 + 1, i % 2 == 0 ? one.peer() : two.peer());
            }
            assertEquals(8, bridge.send(batch, Numbered.LONG));
            one.receive(0, 4);
            two.receive(0, 4);
        }
    }

    /// A connected socket sends to its remote whatever the frame says, and hears nobody else.
    @EachWay
    void connected(Way way) throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool);
             OtherSide remote = OtherSide.at(new InetSocketAddress("127.0.0.1", 0));
             Bridge bridge = way.open(pool, Way.ANY_PORT.connect(remote.address()));
             OtherSide stranger = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(8)) {
            Numbered.lease(pool, batch, 0, 1, stranger.peer());
            Numbered.lease(pool, batch, 1);
            Numbered.write(batch.get(1), 1);
            assertEquals(2, bridge.send(batch, Numbered.LONG));
            remote.receive(0, 2);
            stranger.send(9, 10);
            remote.meet(bridge);
            remote.send(2, 5);
            Numbered.receive(bridge, batch, 2, 5);
            assertEquals(3, bridge.statistics().rxFrames());
        }
    }

    @EachWay
    void twoBridgesOfOnePool(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge in = way.open(pool);
             Bridge out = way.open(pool); OtherSide other = OtherSide.of(in); FrameBatch batch = in.newBatch(8)) {
            other.send(0, 8);
            for (int next = 0; next < 8;) {
                int n = in.receive(batch, Numbered.LONG);
                assertEquals(n, out.send(batch, Numbered.LONG)); // received by one, forwarded by the other
                next += n;
            }
            other.receive(0, 8);
            untilSent(out, 8);
            assertEquals(8, in.statistics().rxFrames());
            assertEquals(8, out.statistics().txFrames());
        }
    }
}
