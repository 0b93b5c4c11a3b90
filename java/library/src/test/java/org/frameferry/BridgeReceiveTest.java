// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What comes in over real sockets reaches Java: all of it, in order, undamaged, with its sender, and nothing else.
class BridgeReceiveTest {
    private static FramePool pool() {
        return FramePool.builder().frames(256).frameSize(256).build();
    }

    static Stream<Arguments> strategies() {
        return Way.all().flatMap(way -> Stream.of(WaitStrategy.values()).map(strategy -> Arguments.of(way, strategy)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("strategies")
    void allInOrder(Way way, WaitStrategy strategy) throws Exception {
        allInOrder(way, bridge -> bridge.waitStrategy(strategy));
    }

    @EachWay
    void allInOrderWithModeration(Way way) throws Exception {
        allInOrder(way, bridge -> bridge.moderation(Duration.ofMillis(1)));
    }

    /// The sender is 100 datagrams ahead at most, so nothing is lost, and the receiver runs dry and is woken many
    /// times.
    private static void allInOrder(Way way, UnaryOperator<Bridge.Builder> options) throws Exception {
        int total = 3000;
        try (FramePool pool = pool(); Audits _ = Audits.of(pool);
             Bridge bridge = options.apply(way.builder(pool, Way.ANY_PORT)).open();
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(32)) {
            Semaphore ahead = new Semaphore(100);
            Elsewhere<Void> sender = Elsewhere.start(() -> {
                for (int i = 0; i < total; i++) {
                    ahead.acquire();
                    other.send(i, i + 1);
                }
                return null;
            });
            for (long next = 0; next < total;) {
                int n = bridge.receive(batch, Numbered.LONG);
                assertEquals(batch.size(), n);
                assertTrue(n > 0, "receive: " + n);
                next = Numbered.check(batch, next);
                ahead.release(n);
            }
            sender.result();
            assertEquals(total, bridge.statistics().rxFrames());
        }
    }

    @EachWay
    void overIpv6(Way way) throws IOException {
        assumeTrue(Files.readString(Path.of("/proc/net/if_inet6")).contains("0".repeat(31) + "1"), "no ::1 here");
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool, Udp.bind("::1", 0));
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(8)) {
            other.send(0, 1);
            Numbered.receive(bridge, batch, 0, 1);
            assertEquals(other.peer(), batch.get(0).peer());
            assertTrue(batch.get(0).isFrom(other.peer()));
            bridge.send(batch, Numbered.LONG);
            other.receive(0, 1);
        }
    }

    @EachWay
    void nothingThere(Way way) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch batch = bridge.newBatch(8)) {
            assertEquals(0, bridge.receive(batch));
            assertEquals(0, bridge.receive(batch, Duration.ZERO));
            assertEquals(0, bridge.receive(batch, Duration.ofNanos(-1)));
            assertEquals(0, bridge.receive(batch, Duration.ofNanos(1)));
            assertEquals(0, bridge.receive(batch, Duration.ofMillis(5)));
            assertTrue(batch.isEmpty());
            assertEquals(0, bridge.statistics().rxFrames());
        }
    }

    @EachWay
    void thePreviousFramesGoBackEvenIfNoneCome(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch batch = bridge.newBatch(8)) {
            Numbered.lease(pool, batch, 8);
            assertEquals(0, bridge.receive(batch));
            assertEquals(0, batch.size());
            Elsewhere.until(() -> pool.audit().free() == pool.frames());
        }
    }

    /// 700 frames through a pool of 8 in batches of 3: each one is used many times over.
    @EachWay
    void framesAreUsedAgain(Way way) throws IOException {
        try (FramePool pool = FramePool.builder().frames(8).frameSize(128).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(3)) {
            for (int i = 0; i < 700; i += 7) {
                other.send(i, i + 7);
                Numbered.receive(bridge, batch, i, i + 7);
            }
        }
    }

    @EachWay
    void aBatchTakesNoMoreThanItHolds(Way way) throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(1)) {
            other.send(0, 50);
            for (int i = 0; i < 50; i++) {
                assertEquals(1, bridge.receive(batch, Numbered.LONG));
                assertEquals(i, Numbered.read(batch.get(0)));
            }
            assertEquals(0, bridge.receive(batch));
        }
    }

    @EachWay
    void detachedFramesStayWhileOthersComeAndGo(Way way) throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(8)) {
            other.send(0, 8);
            Numbered.receive(bridge, batch, 0, 1);
            Frame kept = batch.detach(0);
            long next = 1 + batch.size();
            Numbered.check(batch, 1);
            Numbered.receive(bridge, batch, next, 8);
            for (int i = 8; i < 400; i += 8) {
                other.send(i, i + 8);
                Numbered.receive(bridge, batch, i, i + 8);
            }
            assertEquals(0, Numbered.read(kept));
            assertTrue(kept.isFrom(other.peer()));
            kept.release();
        }
    }

    @EachWay
    void emptyDatagrams(Way way) throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(1)) {
            other.sendBytes(0);
            assertEquals(1, bridge.receive(batch, Numbered.LONG));
            assertEquals(0, batch.get(0).length());
            assertEquals(1, bridge.send(batch, Numbered.LONG));
            assertEquals(0, other.receive().remaining());
        }
    }

    /// A frame takes what fits between its headroom and its end, and what is longer does not reach Java, cut or whole.
    @EachWay
    void upToTheLastByte(Way way) throws IOException {
        try (FramePool pool = FramePool.builder().frames(8).frameSize(100).headroom(64).build();
             Audits _ = Audits.of(pool); Bridge bridge = way.open(pool); OtherSide other = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(1)) {
            int fits = pool.stride() - 64 - 64;
            other.sendBytes(fits);
            other.sendBytes(fits + 1);
            other.sendBytes(2000);
            other.sendBytes(1);
            assertEquals(1, bridge.receive(batch, Numbered.LONG));
            assertEquals(fits, batch.get(0).length());
            assertEquals(0, batch.get(0).tailroom());
            assertEquals(1, bridge.receive(batch, Numbered.LONG));
            assertEquals(1, batch.get(0).length());
            assertEquals(2, bridge.statistics().rxDroppedOversize());
            assertEquals(2, bridge.statistics().rxFrames());
            assertEquals(fits + 1, bridge.statistics().rxBytes());
        }
    }

    @EachWay
    void aReceivedFrameHasHeadroomAndSender(Way way) throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide one = OtherSide.of(bridge); OtherSide two = OtherSide.of(bridge);
             FrameBatch batch = bridge.newBatch(1)) {
            one.send(0, 1);
            Numbered.receive(bridge, batch, 0, 1);
            assertEquals(one.peer(), batch.get(0).peer());
            assertTrue(batch.get(0).isFrom(one.peer()));
            assertEquals(pool.headroom(), batch.get(0).headroom());
            two.send(1, 2);
            Numbered.receive(bridge, batch, 1, 2);
            assertEquals(two.peer(), batch.get(0).peer());
            assertEquals(two.address(), batch.get(0).peer().address());
        }
    }

    /// The poller's clock stamps a burst, the kernel's each datagram.
    @EachWay
    void timestamps(Way way) throws IOException {
        for (boolean kernel : new boolean[] {false, true}) {
            try (FramePool pool = pool(); Audits _ = Audits.of(pool);
                 Bridge bridge = way.open(pool, Way.ANY_PORT.timestamps(kernel));
                 OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(8)) {
                other.send(0, 8);
                long last = 0;
                for (int i = 0; i < 8;) {
                    assertTrue(bridge.receive(batch, Numbered.LONG) > 0);
                    for (Frame frame : batch) {
                        i++;
                        Duration age = Duration.between(Instant.ofEpochSecond(0, frame.timestamp()), Instant.now());
                        assertTrue(age.abs().compareTo(Duration.ofHours(1)) < 0, "stamped " + age + " ago");
                        if (kernel) {
                            assertNotEquals(last, frame.timestamp(), "each has a time of its own");
                        }
                        last = frame.timestamp();
                    }
                }
            }
        }
    }
}
