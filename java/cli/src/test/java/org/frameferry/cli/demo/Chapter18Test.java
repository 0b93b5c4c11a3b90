// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.frameferry.Peer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chapter's driver on the loopback interface: what it takes it delivers, and what it allocates it frees. */
class Chapter18Test {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long SECOND = 1_000_000_000L;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(Chapter18.PACKET_MAX);
    private final MemorySegment from = arena.allocate(Chapter18.ADDRESS_BYTES, 8);
    private long driver;
    private InetSocketAddress bound;

    private void open(String host, int limit) {
        MemorySegment granted = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment address = arena.allocate(Chapter18.ADDRESS_BYTES, 8);
        Peer.of(new InetSocketAddress(host, 0)).write(address, 0);
        driver = Chapter18.open(address, 1 << 20, limit, granted, address);
        assertTrue(driver > 0, () -> Chapter18.text(driver));
        assertTrue(granted.get(ValueLayout.JAVA_INT, 0) > 0);
        bound = Peer.read(address, 0).address();
    }

    /** Every test ends with an audit: each buffer that was allocated is freed. */
    @AfterEach
    void audit() {
        Chapter18.close(driver);
        Chapter18.Statistics s = Chapter18.statistics(driver);
        assertEquals(s.allocated(), s.freed(), s.toString());
        assertEquals(Chapter18.CLOSED, Chapter18.close(driver));
        assertEquals(Chapter18.CLOSED, Chapter18.receive(driver, buffer, Chapter18.PACKET_MAX, SECOND, from));
        arena.close();
    }

    private void send(DatagramChannel channel, int length, int number) throws Exception {
        ByteBuffer datagram = ByteBuffer.allocate(length).putInt(0, number);
        assertEquals(length, channel.send(datagram, bound));
    }

    private long receive(long timeout) {
        return Chapter18.receive(driver, buffer, Chapter18.PACKET_MAX, timeout, from);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void deliversEveryPacketInOrder(String host) throws Exception {
        open(host, 4096);
        try (DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(host, 0))) {
            for (int i = 0; i < 1000; i++) {
                send(channel, 64, i);
            }
            for (int i = 0; i < 1000; i++) {
                assertEquals(64, receive(SECOND));
                assertEquals(i, ByteBuffer.wrap(buffer.asSlice(0, 4).toArray(ValueLayout.JAVA_BYTE)).getInt());
                assertEquals(channel.getLocalAddress(), Peer.read(from, 0).address());
            }
        }
        assertEquals(Chapter18.NOTHING, receive(0));
        Chapter18.Statistics s = Chapter18.statistics(driver);
        assertEquals(1000, s.received());
        assertEquals(1000, s.delivered());
        assertEquals(1000, s.wakeups(), "one wake-up a packet");
    }

    @Test
    void countsWhatTheListHasNoRoomFor() throws Exception {
        open("127.0.0.1", 10);
        try (DatagramChannel channel = DatagramChannel.open()) {
            for (int i = 0; i < 100; i++) {
                send(channel, 64, i);
            }
        }
        assertTimeoutPreemptively(LIMIT, () -> {
            while (Chapter18.statistics(driver).received() < 100) {
                Thread.sleep(1);
            }
        });
        int delivered = 0;
        while (receive(SECOND / 10) >= 0) {
            delivered++;
        }
        assertEquals(10, delivered);
        assertEquals(90, Chapter18.statistics(driver).dropped());
    }

    @Test
    void countsPacketsThatAreTooLong() throws Exception {
        open("127.0.0.1", 10);
        try (DatagramChannel channel = DatagramChannel.open()) {
            send(channel, Chapter18.PACKET_MAX + 1, 1);
            send(channel, Chapter18.PACKET_MAX, 2);
        }
        assertEquals(Chapter18.PACKET_MAX, receive(SECOND));
        assertEquals(1, Chapter18.statistics(driver).truncated());
    }

    @Test
    void answersTheSender() throws Exception {
        open("127.0.0.1", 10);
        try (DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
            send(channel, 64, 7);
            assertEquals(64, receive(SECOND));
            assertEquals(64, Chapter18.send(driver, from, buffer, 64));
            ByteBuffer answer = ByteBuffer.allocate(100);
            assertEquals(bound, channel.receive(answer));
            assertEquals(64, answer.position());
        }
    }

    @Test
    void closeWakesTheWaiter() {
        open("127.0.0.1", 10);
        assertTimeoutPreemptively(LIMIT, () -> {
            CompletableFuture<Long> waiter = CompletableFuture.supplyAsync(() -> receive(600 * SECOND));
            while (waiter.state() == java.util.concurrent.Future.State.RUNNING && Chapter18.close(driver) != 0) {
                Thread.onSpinWait();
            }
            assertEquals(Chapter18.CLOSED, waiter.get());
        });
    }

    @Test
    void closeFreesWhatNobodyTook() throws Exception {
        open("127.0.0.1", 4096);
        try (DatagramChannel channel = DatagramChannel.open()) {
            for (int i = 0; i < 500; i++) {
                send(channel, 64, i);
            }
        }
        assertTimeoutPreemptively(LIMIT, () -> {
            while (Chapter18.statistics(driver).received() == 0) {
                Thread.sleep(1);
            }
        });
    }

    @Test
    void anAddressThatIsTakenHasAName() {
        open("127.0.0.1", 10);
        MemorySegment address = arena.allocate(Chapter18.ADDRESS_BYTES, 8);
        Peer.of(bound).write(address, 0);
        long second = Chapter18.open(address, 0, 10, arena.allocate(ValueLayout.JAVA_INT), address);
        assertEquals("Address already in use", Chapter18.text(second));
    }
}
