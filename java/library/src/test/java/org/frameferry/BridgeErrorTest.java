// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Bridges that cannot be opened, and bridges that are used wrongly: one clear line each, which names the value and
/// what to do, and nothing lost.
class BridgeErrorTest {
    private static FramePool pool() {
        return FramePool.builder().frames(8).build();
    }

    private static void assertError(String error, String message, Executable use) {
        FerryException e = assertThrows(FerryException.class, use);
        assertEquals(error, e.error());
        assertEquals(message, e.getMessage());
    }

    @EachWay
    void thePortIsTaken(Way way) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge first = way.open(pool)) {
            InetSocketAddress taken = first.localAddress();
            assertError("EADDRINUSE", "cannot open UDP " + taken + ": Address already in use (EADDRINUSE); another "
                    + "socket has this port: choose another, or find it with `ss -ulpn`",
                    () -> way.open(pool, Udp.bind(taken)));
        }
    }

    @EachWay
    void sharedPorts(Way way) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool);
             Bridge first = way.open(pool, Way.ANY_PORT.reusePort(true));
             Bridge second = way.open(pool, Udp.bind(first.localAddress()).reusePort(true))) {
            assertEquals(first.localAddress(), second.localAddress());
            assertError("EADDRINUSE", assertThrows(FerryException.class,
                    () -> way.open(pool, Udp.bind(first.localAddress()).reusePort(true).reusePort(false))).getMessage(),
                    () -> way.open(pool, Udp.bind(first.localAddress())));
        }
    }

    @EachWay
    void theAddressIsNotOurs(Way way) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            assertError("EADDRNOTAVAIL", "cannot open UDP /192.0.2.1:0: Cannot assign requested address "
                    + "(EADDRNOTAVAIL); no interface of this machine has this address: see `ip address`",
                    () -> way.open(pool, Udp.bind("192.0.2.1", 0)));
        }
    }

    /// A name that cannot be one: no resolver has to be asked.
    @Test
    void unknownHost() {
        String host = "x".repeat(64);
        String message = "unknown host " + host + ": check the spelling, or give the address in numbers";
        assertError("EHOSTUNKNOWN", message, () -> Udp.bind(host, 9000));
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved(host, 9000);
        assertError("EHOSTUNKNOWN", message, () -> Udp.bind(unresolved));
        assertError("EHOSTUNKNOWN", message, () -> Way.ANY_PORT.connect(unresolved));
    }

    @Test
    void ranges() {
        Stream.of(-1, 65536, Integer.MAX_VALUE).forEach(port -> assertEquals("port " + port + " is not in 0 .. 65535",
                assertThrows(IllegalArgumentException.class, () -> Udp.bind("127.0.0.1", port)).getMessage()));
        int most = 1 << 30;
        Way.ANY_PORT.receiveBuffer(0).receiveBuffer(most).sendBuffer(0).sendBuffer(most);
        Stream.of(-1, most + 1).forEach(bytes -> {
            assertEquals("receiveBuffer " + bytes + " is not in 0 .. " + most, assertThrows(
                    IllegalArgumentException.class, () -> Way.ANY_PORT.receiveBuffer(bytes)).getMessage());
            assertEquals("sendBuffer " + bytes + " is not in 0 .. " + most, assertThrows(
                    IllegalArgumentException.class, () -> Way.ANY_PORT.sendBuffer(bytes)).getMessage());
        });
    }

    @Test
    void connectToAnotherKindOfAddress() {
        InetSocketAddress six = new InetSocketAddress("::1", 9000);
        assertEquals("cannot connect /127.0.0.1:0 to " + six
                + ": one is IPv4, the other IPv6; bind to an address of the remote's kind",
                assertThrows(IllegalArgumentException.class, () -> Way.ANY_PORT.connect(six)).getMessage());
        assertThrows(IllegalArgumentException.class,
                () -> Udp.bind("::1", 0).connect(new InetSocketAddress("127.0.0.1", 9000)));
    }

    @Test
    void aDeviceIsImmutable() {
        Udp plain = Udp.bind("127.0.0.1", 0);
        InetSocketAddress remote = new InetSocketAddress("127.0.0.1", 9);
        assertEquals("UDP /127.0.0.1:0 connected to /127.0.0.1:9", plain.connect(remote).receiveBuffer(1).sendBuffer(1)
                .timestamps(true).reusePort(true).v6Only(true).toString());
        assertEquals("UDP /127.0.0.1:0", plain.toString());
    }

    @Test
    void nothingIsNull() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            Bridge.Builder builder = Bridge.builder(pool, Way.ANY_PORT);
            Stream.<Executable>of(() -> Bridge.builder(null, Way.ANY_PORT), () -> Bridge.builder(pool, null),
                    () -> builder.mode(null), () -> builder.crossing(null), () -> builder.waitStrategy(null))
                    .forEach(use -> assertThrows(NullPointerException.class, use));
        }
    }

    @Test
    void defaults() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = Bridge.open(pool, Way.ANY_PORT)) {
            assertEquals(Bridge.Mode.THREADED, bridge.mode());
            assertEquals(Bridge.Crossing.BATCHED, bridge.crossing());
            assertFalse(bridge.isClosed());
        }
    }

    @EachWay
    void aBatchOfAnotherPool(Way way) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FramePool other = pool(); Audits _ = Audits.of(other); FrameBatch foreign = other.newBatch(4)) {
            other.lease(foreign, 2);
            String message = "a batch of another pool cannot be used here";
            Stream.<Executable>of(() -> bridge.receive(foreign), () -> bridge.receive(foreign, Numbered.LONG),
                    () -> bridge.send(foreign), () -> bridge.send(foreign, Numbered.LONG)).forEach(use -> assertEquals(
                            message, assertThrows(ForeignFrameException.class, use).getMessage()));
            assertEquals(2, foreign.size());
            assertEquals(2, other.audit().leased());
        }
    }

    @EachWay
    void aFailedUseChangesNothing(Way way) throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(4)) {
            other.send(0, 2);
            Numbered.receive(bridge, batch, 0, 2);
            int held = batch.size();
            assertThrows(NullPointerException.class, () -> bridge.receive(null));
            assertThrows(NullPointerException.class, () -> bridge.receive(batch, null));
            assertThrows(NullPointerException.class, () -> bridge.send(null));
            assertEquals(held, batch.size());
            assertEquals(2, Numbered.check(batch, 2 - held));
        }
    }

    /// The longest that can be said is as good as for ever.
    @EachWay
    void foreverIsADuration(Way way) throws IOException {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             OtherSide other = OtherSide.of(bridge); FrameBatch batch = bridge.newBatch(4)) {
            other.send(0, 1);
            assertEquals(1, bridge.receive(batch, forever));
            assertEquals(1, bridge.send(batch, forever));
            other.receive(0, 1);
            assertTrue(batch.isEmpty());
        }
    }
}
