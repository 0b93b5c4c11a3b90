// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Internet addresses in the kernel's 32 bytes. No socket is opened here.
class PeerTest {
    private static final String WITHOUT_SCOPE = "2001:db8::1";

    private final MemorySegment memory = Arena.ofAuto().allocate(96, 8);

    private static InetSocketAddress address(String host, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    private static InetSocketAddress scoped(int scope) throws UnknownHostException {
        return new InetSocketAddress(
                Inet6Address.getByAddress(null, InetAddress.getByName("fe80::1").getAddress(), scope), 9000);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 0", "127.0.0.1, 1", "255.255.255.255, 65535", "0.0.0.0, 256", "192.0.2.200, 5201",
        "::1, 5201", "::, 0", "2001:db8::1, 65535", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 255"})
    void roundTrip(String host, int port) throws UnknownHostException {
        InetSocketAddress address = address(host, port);
        Peer peer = Peer.of(address);
        assertEquals(address, peer.address());
        assertEquals(address.toString(), peer.toString());
        memory.fill((byte) -1);
        peer.write(memory, 32);
        Peer read = Peer.read(memory, 32);
        assertEquals(peer, read);
        assertEquals(peer.hashCode(), read.hashCode());
        assertEquals(address, read.address());
        assertTrue(peer.matches(memory, 32));
        assertEquals(-1, memory.get(ValueLayout.JAVA_LONG, 24), "what lies in front");
        assertEquals(-1, memory.get(ValueLayout.JAVA_LONG, 64), "what lies behind");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, Integer.MAX_VALUE})
    void scope(int scope) throws UnknownHostException {
        Peer peer = Peer.of(scoped(scope));
        peer.write(memory, 0);
        assertEquals(scope, memory.get(ValueLayout.JAVA_INT, 24));
        Peer read = Peer.read(memory, 0);
        assertEquals(peer, read);
        assertEquals(scope, ((Inet6Address) read.address().getAddress()).getScopeId());
        assertFalse(Peer.of(scoped(scope - 1)).matches(memory, 0));
        assertNotEquals(Peer.of(scoped(scope - 1)), read);
    }

    @Test
    void imageIsTheKernels() throws UnknownHostException {
        Peer.of(address("192.0.2.7", 0x1451)).write(memory, 0);
        assertArrayEquals(HexFormat.of().parseHex("02001451c0000207"),
                memory.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE));
        Peer.of(address(WITHOUT_SCOPE, 0x1451)).write(memory, 0);
        assertArrayEquals(HexFormat.of().parseHex("0a0014510000000020010db800000000000000000000000100000000"),
                memory.asSlice(0, 28).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void differsInEveryPart() throws UnknownHostException {
        List<Peer> peers = List.of(Peer.of(address("127.0.0.1", 1)), Peer.of(address("127.0.0.1", 2)),
                Peer.of(address("127.0.0.2", 1)), Peer.of(address("::1", 1)), Peer.of(address("::1", 2)),
                Peer.of(address("1::1", 1)), Peer.of(address("::2", 1)), Peer.of(scoped(1)), Peer.of(scoped(2)));
        for (Peer one : peers) {
            one.write(memory, 0);
            for (Peer other : peers) {
                assertEquals(one == other, one.equals(other), one + " and " + other);
                assertEquals(one == other, other.matches(memory, 0), one + " and " + other);
            }
        }
        assertNotEquals(peers.getFirst(), null);
        assertNotEquals(peers.getFirst(), peers.getFirst().address());
    }

    /// The kernel writes 16 bytes for IPv4: what follows is another address's, and must not count.
    @Test
    void remaindersOfAnotherAddressDoNotCount() throws UnknownHostException {
        Peer.of(scoped(3)).write(memory, 0);
        byte[] image = HexFormat.of().parseHex("02001451c0000207");
        MemorySegment.copy(image, 0, memory, ValueLayout.JAVA_BYTE, 0, image.length);
        Peer expected = Peer.of(address("192.0.2.7", 0x1451));
        assertEquals(expected, Peer.read(memory, 0));
        assertEquals(expected.hashCode(), Peer.read(memory, 0).hashCode());
        assertTrue(expected.matches(memory, 0));
        assertEquals(address("192.0.2.7", 0x1451), Peer.read(memory, 0).address());
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 3, 9, 11, -1})
    void onlyInternetAddresses(short family) {
        memory.set(ValueLayout.JAVA_SHORT, 0, family);
        assertEquals("the frame has no peer: its address family is " + family,
                assertThrows(IllegalStateException.class, () -> Peer.read(memory, 0)).getMessage());
    }

    @Test
    void unresolved() {
        assertEquals("unknown host nowhere", assertThrows(IllegalArgumentException.class,
                () -> Peer.of(InetSocketAddress.createUnresolved("nowhere", 1))).getMessage());
    }

    @Test
    void outsideTheMemory() throws UnknownHostException {
        Peer peer = Peer.of(address("::1", 1));
        assertThrows(IndexOutOfBoundsException.class, () -> Peer.read(memory, 72));
        assertThrows(IndexOutOfBoundsException.class, () -> peer.write(memory, 96));
        assertThrows(IndexOutOfBoundsException.class, () -> peer.matches(memory, -8));
    }
}
