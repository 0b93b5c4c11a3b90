// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.frameferry.Peer;
import org.junit.jupiter.api.Test;

/** Streams told apart by the sender's address, and the handshake that makes them known. */
class StreamTableTest {
    private static final int DATA = 64;

    private final MemorySegment memory = Arena.ofAuto().allocate(256, 8);

    private static Peer peer(int port) {
        return Peer.of(new InetSocketAddress("192.0.2.1", port));
    }

    private void deliver(DataPath.Sink sink, Peer from, int number, int length) {
        from.write(memory, 0);
        memory.set(StreamMeter.INT, DATA + StreamMeter.NUMBER_OFFSET, number);
        sink.accept(memory, 0, DATA, length, 0);
    }

    @Test
    void datagramsGoToTheStreamOfTheirSender() {
        List<StreamMeter> meters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            meters.add(new StreamMeter(i, peer(4000 + i), false));
        }
        StreamTable table = new StreamTable(meters);
        for (int number = 1; number <= 3; number++) {
            for (int i : new int[] {4, 0, 3, 3, 1}) {
                deliver(table, peer(4000 + i), number, 100);
            }
        }
        deliver(table, peer(3999), 1, 100);
        deliver(table, Peer.of(new InetSocketAddress("192.0.2.2", 4000)), 1, 100);
        deliver(table, peer(4000), 4, 4);
        assertEquals(List.of(3L, 3L, 0L, 6L, 3L), meters.stream().map(StreamMeter::datagrams).toList());
        assertEquals(15, table.datagrams());
        assertEquals(1500, table.bytes());
        assertEquals(3, table.foreign());
    }

    @Test
    void withoutStreamsEverythingIsForeign() {
        StreamTable table = new StreamTable(List.of());
        deliver(table, peer(1), 1, 100);
        assertEquals(1, table.foreign());
    }

    private void greet(StreamHandshake handshake, Peer from, int word, int length) {
        from.write(memory, 0);
        memory.asSlice(DATA).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).putInt(0, word);
        handshake.accept(memory, 0, DATA, length, 0);
    }

    /** Somebody at another address, who must not be answered: the address may be forged. */
    private static Peer stranger() {
        return Peer.of(new InetSocketAddress("192.0.2.2", 9));
    }

    @Test
    void bothKindsOfGreetingAreAnsweredInKindAndRepeatsAreNoNewStreams() throws TestFailure {
        StreamHandshake handshake = new StreamHandshake(peer(1).address().getAddress(), 2);
        RecordingPath path = new RecordingPath();
        path.script(() -> greet(handshake, peer(7), StreamHandshake.CONNECT, 5));
        path.script(() -> greet(handshake, peer(7), 42, 4));
        path.script(() -> greet(handshake, stranger(), StreamHandshake.CONNECT, 4));
        path.script(() -> greet(handshake, peer(1), StreamHandshake.CONNECT, 4));
        path.script(() -> greet(handshake, peer(1), StreamHandshake.CONNECT, 4));
        path.script(() -> greet(handshake, peer(2), StreamHandshake.LEGACY_CONNECT, 4));
        assertEquals(List.of(peer(1), peer(2)), handshake.run(path, () -> false));
        assertEquals(List.of("1:36373839", "1:36373839", "2:b168de3a"), path.sent());
    }
}
