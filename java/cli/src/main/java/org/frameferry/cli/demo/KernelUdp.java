// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The kernel's own count of UDP over IPv4, of all programs: what shows live how any receiver fares. Immutable; any
 * thread.
 *
 * @param received datagrams that programs have read
 * @param dropped datagrams for which a receive buffer had no room
 */
record KernelUdp(long received, long dropped) {
    private static final Path FILE = Path.of("/proc/net/snmp");
    private static final String LINE = "Udp:";

    /** {@return the counts since the machine started, zeros where the kernel does not tell} */
    static KernelUdp now() {
        try {
            return parse(Files.readAllLines(FILE));
        } catch (IOException e) {
            return new KernelUdp(0, 0);
        }
    }

    /** Two lines of each protocol: the names, then the numbers. */
    static KernelUdp parse(List<String> lines) {
        List<String[]> udp = lines.stream().filter(l -> l.startsWith(LINE)).map(l -> l.split(" +")).toList();
        return udp.size() < 2 ? new KernelUdp(0, 0)
                : new KernelUdp(value(udp, "InDatagrams"), value(udp, "RcvbufErrors"));
    }

    private static long value(List<String[]> udp, String name) {
        int i = List.of(udp.get(0)).indexOf(name);
        return i < 0 || i >= udp.get(1).length ? 0 : Long.parseLong(udp.get(1)[i]);
    }

    KernelUdp since(KernelUdp earlier) {
        return new KernelUdp(received - earlier.received, dropped - earlier.dropped);
    }
}
