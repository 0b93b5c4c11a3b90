// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/** Addresses as the log shows them, and the wildcard that takes IPv6 and IPv4. Static functions; any thread. */
final class Addresses {
    private Addresses() {}

    /** "192.0.2.1:5201" or "[2001:db8::1]:5201", no name looked up. */
    static String text(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return String.valueOf(address);
        }
        String host = inet.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
    }

    /** The IPv6 wildcard, which Linux lets take IPv4 as well. */
    static InetAddress anyIpv6() {
        return of(new byte[16]);
    }

    /** The IPv4 wildcard, for a machine without IPv6. */
    static InetAddress anyIpv4() {
        return of(new byte[4]);
    }

    /** 127.0.0.1, which a socket on either wildcard can send to. */
    static InetAddress loopbackIpv4() {
        return of(new byte[] {127, 0, 0, 1});
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
