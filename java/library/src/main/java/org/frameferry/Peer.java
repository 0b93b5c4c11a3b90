// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.frameferry.bindings.FerryBindings;
import org.frameferry.bindings.ferry_address;

/// An internet address and port in the 32 bytes that the kernel uses, so that frames can be compared and addressed without
/// a conversion. Immutable; any thread.
public final class Peer {
    /// Bytes of an address image.
    public static final int BYTES = 32;

    private static final int FAMILY = (int) ferry_address.family$offset();
    private static final int PORT = (int) ferry_address.port$offset();
    private static final int IPV4 = (int) ferry_address.flow$offset();
    private static final int IPV6 = (int) ferry_address.ipv6_high$offset();
    private static final int SCOPE = (int) ferry_address.scope$offset();

    private final long familyPortFlow;
    private final long high;
    private final long low;
    private final long scope;

    private Peer(ByteBuffer image) {
        familyPortFlow = image.getLong(0);
        boolean wide = family(familyPortFlow) == FerryBindings.FERRY_AF_INET6();
        // What follows an IPv4 address in the image is padding, or a remainder of another address.
        high = wide ? image.getLong(IPV6) : 0;
        low = wide ? image.getLong(IPV6 + Long.BYTES) : 0;
        scope = wide ? image.getInt(SCOPE) : 0;
    }

    private static int family(long familyPortFlow) {
        // The family stands in the first two bytes, in the host's byte order.
        return (int) (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? familyPortFlow : familyPortFlow >>> 48)
                & 0xFFFF;
    }

    /// {@return the peer of that address and port}
    ///
    /// @param address resolved
    /// @throws IllegalArgumentException if the address is unresolved
    public static Peer of(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unknown host " + address.getHostString());
        }
        ByteBuffer image = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
        InetAddress host = address.getAddress();
        boolean wide = host instanceof Inet6Address;
        image.putShort(FAMILY, (short) (wide ? FerryBindings.FERRY_AF_INET6() : FerryBindings.FERRY_AF_INET()));
        image.put(PORT, (byte) (address.getPort() >>> 8)).put(PORT + 1, (byte) address.getPort());
        image.put(wide ? IPV6 : IPV4, host.getAddress());
        if (host instanceof Inet6Address six) {
            image.putInt(SCOPE, six.getScopeId());
        }
        return new Peer(image);
    }

    /// {@return the peer whose image lies at `offset`}
    ///
    /// @param memory the memory of a pool, or any other
    /// @param offset a multiple of 8
    /// @throws IllegalStateException if there is no internet address
    public static Peer read(MemorySegment memory, long offset) {
        ByteBuffer image = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
        MemorySegment.copy(memory, offset, MemorySegment.ofBuffer(image), 0, BYTES);
        int family = image.getShort(FAMILY);
        if (family != FerryBindings.FERRY_AF_INET() && family != FerryBindings.FERRY_AF_INET6()) {
            throw new IllegalStateException("the frame has no peer: its address family is " + family);
        }
        return new Peer(image);
    }

    /// {@return whether the image at `offset` is this address and port; allocates nothing}
    ///
    /// @param memory the memory of a pool, or any other
    /// @param offset a multiple of 8
    public boolean matches(MemorySegment memory, long offset) {
        if (memory.get(ValueLayout.JAVA_LONG, offset) != familyPortFlow) {
            return false;
        }
        return family(familyPortFlow) == FerryBindings.FERRY_AF_INET()
                || memory.get(ValueLayout.JAVA_LONG, offset + IPV6) == high
                        && memory.get(ValueLayout.JAVA_LONG, offset + IPV6 + Long.BYTES) == low
                        && memory.get(ValueLayout.JAVA_INT, offset + SCOPE) == (int) scope;
    }

    /// Writes the image at `offset`; allocates nothing.
    ///
    /// @param memory the memory of a pool, or any other
    /// @param offset a multiple of 8
    public void write(MemorySegment memory, long offset) {
        memory.set(ValueLayout.JAVA_LONG, offset, familyPortFlow);
        memory.set(ValueLayout.JAVA_LONG, offset + IPV6, high);
        memory.set(ValueLayout.JAVA_LONG, offset + IPV6 + Long.BYTES, low);
        memory.set(ValueLayout.JAVA_INT, offset + SCOPE, (int) scope);
    }

    /// {@return the address and port}
    public InetSocketAddress address() {
        byte[] bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder()).putLong(familyPortFlow).putLong(high)
                .putLong(low).array();
        int port = (bytes[PORT] & 0xFF) << 8 | bytes[PORT + 1] & 0xFF;
        try {
            if (family(familyPortFlow) == FerryBindings.FERRY_AF_INET()) {
                return new InetSocketAddress(InetAddress.getByAddress(Arrays.copyOfRange(bytes, IPV4, IPV4 + 4)), port);
            }
            byte[] host = Arrays.copyOfRange(bytes, IPV6, IPV6 + 16);
            return new InetSocketAddress(scope == 0 ? InetAddress.getByAddress(host)
                    : Inet6Address.getByAddress(null, host, (int) scope), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Peer peer && peer.familyPortFlow == familyPortFlow && peer.high == high
                && peer.low == low && peer.scope == scope;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(familyPortFlow * 31 + high * 17 + low);
    }

    @Override
    public String toString() {
        return address().toString();
    }
}
