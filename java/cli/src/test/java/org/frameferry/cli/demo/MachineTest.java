// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read out of /proc, from samples of its text and from the real thing. */
class MachineTest {
    @Test
    void fieldsOfProc() {
        List<String> lines = List.of("model\t\t: 2", "model name\t: A processor: fast", "MemTotal:        8 kB");
        assertEquals("A processor: fast", Machine.field(lines, "model name"));
        assertEquals("2", Machine.field(lines, "model"));
        assertEquals("8 kB", Machine.field(lines, "MemTotal"));
        assertEquals("", Machine.field(lines, "Mem"));
    }

    @Test
    void bytesInTheirUnit() {
        assertEquals("0 B", Machine.bytes(0));
        assertEquals("1023 B", Machine.bytes(1023));
        assertEquals("208 KiB", Machine.bytes(212_992));
        assertEquals("1.5 MiB", Machine.bytes(3 << 19));
        assertEquals("8 MiB", Machine.bytes(8 << 20));
    }

    @Test
    void thisMachineIsKnown() {
        Machine here = Machine.here();
        assertTrue(here.cores() > 0 && here.memory() > 0);
        assertFalse(here.cpu().isBlank());
    }

    @Test
    void countsOfTheKernel() {
        KernelUdp udp = KernelUdp.parse(List.of("Tcp: A B", "Tcp: 1 2",
                "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors", "Udp: 10 0 3 12 3 0",
                "UdpLite: InDatagrams", "UdpLite: 0"));
        assertEquals(new KernelUdp(10, 3), udp);
        assertEquals(new KernelUdp(4, 1), udp.since(new KernelUdp(6, 2)));
        assertEquals(new KernelUdp(0, 0), KernelUdp.parse(List.of("Tcp: A", "Tcp: 1")));
    }

    @Test
    void theClockOfAProcess() throws Exception {
        long before = ProcessClock.own();
        assertTrue(before > 0);
        assertTrue(ProcessClock.own() > before, "the call itself takes CPU");

        Process child = new ProcessBuilder("cat").start();
        try {
            assertTrue(ProcessClock.cpuNanos(child.pid()) >= 0);
        } finally {
            child.destroyForcibly();
        }
        child.waitFor();
        assertEquals(-1, ProcessClock.cpuNanos(child.pid()));
    }
}
