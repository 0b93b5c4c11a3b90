// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.frameferry.bindings.FerryBindings;
import org.frameferry.bindings.ferry_udp_config;

/// A UDP socket as a device: one datagram a frame, whole bursts in one system call. Immutable; any thread.
///
/// A description only: [Bridge#open(FramePool, Device)] opens the socket. A received frame carries its sender as
/// [Frame#peer()], so that it can be sent back; a frame to send needs a peer unless the socket is connected, in which case
/// its peer is ignored. What arrives while nobody reads waits in the kernel's receive buffer, and what does not fit there
/// is dropped and counted ([BridgeStatistics#rxDroppedDevice()]).
///
/// On Linux an IPv6 socket bound to `::` takes IPv4 datagrams as well, from addresses like `::ffff:192.0.2.1`.
public final class Udp implements Device {
    private static final int BUFFER_MAX = 1 << 30;

    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final int receiveBuffer;
    private final int sendBuffer;
    private final int flags;

    private Udp(InetSocketAddress local, InetSocketAddress remote, int receiveBuffer, int sendBuffer, int flags) {
        NativeLibrary.require(); // before the flags, which stand in the bindings, are asked for
        this.local = resolved(local);
        this.remote = remote == null ? null : resolved(remote);
        this.receiveBuffer = receiveBuffer;
        this.sendBuffer = sendBuffer;
        this.flags = flags;
    }

    private static InetSocketAddress resolved(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new FerryException("EHOSTUNKNOWN", "unknown host " + address.getHostString()
                    + ": check the spelling, or give the address in numbers");
        }
        return address;
    }

    /// {@return a socket bound to that address}
    ///
    /// @param host a name, or an address in numbers
    /// @param port 0 to 65,535; 0 takes any free one, see [Bridge#localAddress()]
    /// @throws FerryException if the host is unknown
    public static Udp bind(String host, int port) {
        Objects.requireNonNull(host, "host");
        FramePoolBuilder.check("port", port, 0, 65535);
        return bind(new InetSocketAddress(host, port));
    }

    /// {@return a socket bound to that address}
    ///
    /// @param local address and port; port 0 takes any free one
    /// @throws FerryException if the host is unknown
    public static Udp bind(InetSocketAddress local) {
        return new Udp(local, null, 0, 0, 0);
    }

    /// {@return the same, connected: it sends to that address only, and receives from nobody else}
    ///
    /// @param remote address and port, of the same kind (IPv4 or IPv6) as the local one
    /// @throws IllegalArgumentException if it is of the other kind
    /// @throws FerryException if the host is unknown
    public Udp connect(InetSocketAddress remote) {
        if (resolved(remote).getAddress().getClass() != local.getAddress().getClass()) {
            throw new IllegalArgumentException("cannot connect " + local + " to " + remote
                    + ": one is IPv4, the other IPv6; bind to an address of the remote's kind");
        }
        return new Udp(local, remote, receiveBuffer, sendBuffer, flags);
    }

    /// {@return the same with a receive buffer of about so many bytes}
    ///
    /// The system's limit (`net.core.rmem_max`) is passed over where privilege allows, else it holds; what was granted is
    /// in [BridgeStatistics#receiveBuffer()]. The kernel counts its own overhead against twice this: a datagram of 64 bytes
    /// takes about 768.
    ///
    /// @param bytes 0 (the system's default) to 1 GiB
    public Udp receiveBuffer(int bytes) {
        FramePoolBuilder.check("receiveBuffer", bytes, 0, BUFFER_MAX);
        return new Udp(local, remote, bytes, sendBuffer, flags);
    }

    /// {@return the same with a send buffer of about so many bytes}
    ///
    /// @param bytes 0 (the system's default) to 1 GiB
    public Udp sendBuffer(int bytes) {
        FramePoolBuilder.check("sendBuffer", bytes, 0, BUFFER_MAX);
        return new Udp(local, remote, receiveBuffer, bytes, flags);
    }

    /// {@return the same with timestamps by the kernel, for each datagram as it came in, or by the poller, for each burst}
    ///
    /// @param kernel default false
    public Udp timestamps(boolean kernel) {
        return with(FerryBindings.FERRY_UDP_TIMESTAMPS(), kernel);
    }

    /// {@return the same, sharing its port with other sockets that say so (`SO_REUSEPORT`)}
    ///
    /// @param share default false
    public Udp reusePort(boolean share) {
        return with(FerryBindings.FERRY_UDP_REUSE_PORT(), share);
    }

    /// {@return the same, taking no IPv4 datagrams on an IPv6 socket}
    ///
    /// @param only default false
    public Udp v6Only(boolean only) {
        return with(FerryBindings.FERRY_UDP_V6_ONLY(), only);
    }

    private Udp with(int flag, boolean on) {
        return new Udp(local, remote, receiveBuffer, sendBuffer, on ? flags | flag : flags & ~flag);
    }

    /// Opens the socket.
    ///
    /// @param bound is set to the address that it got
    /// @return the native device, which the caller owns
    MemorySegment open(MemorySegment bound) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment config = arena.allocate(ferry_udp_config.layout());
            Peer.of(local).write(config, ferry_udp_config.local$offset());
            if (remote != null) {
                Peer.of(remote).write(config, ferry_udp_config.remote$offset());
            }
            ferry_udp_config.receive_buffer(config, receiveBuffer);
            ferry_udp_config.send_buffer(config, sendBuffer);
            ferry_udp_config.flags(config, flags);
            MemorySegment device = arena.allocate(ValueLayout.ADDRESS);
            NativeGate.check(FerryBindings.ferry_udp_open(config, device, bound), "cannot open " + this);
            return device.get(ValueLayout.ADDRESS, 0);
        }
    }

    @Override
    public String toString() {
        return "UDP " + local + (remote == null ? "" : " connected to " + remote);
    }
}
