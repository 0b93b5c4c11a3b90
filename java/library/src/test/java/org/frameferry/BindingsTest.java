// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import org.frameferry.bindings.ferry_address;
import org.frameferry.bindings.ferry_audit;
import org.frameferry.bindings.ferry_bridge_config;
import org.frameferry.bindings.ferry_geometry;
import org.frameferry.bindings.ferry_nic_config;
import org.frameferry.bindings.ferry_nic_statistics;
import org.frameferry.bindings.ferry_pool_config;
import org.frameferry.bindings.ferry_statistics;
import org.frameferry.bindings.ferry_udp_config;
import org.junit.jupiter.api.Test;

/// What jextract made of the structs of the C API, against literal sizes and offsets: a change of the header, of
/// jextract or of its options that moves a field shows here.
class BindingsTest {
    /// All members in order, each as `name offset size`, then the size of the whole.
    private static void check(MemoryLayout layout, long bytes, String... members) {
        StringBuilder expected = new StringBuilder();
        StringBuilder actual = new StringBuilder();
        for (String member : members) {
            PathElement path = PathElement.groupElement(member.substring(0, member.indexOf(' ')));
            expected.append(member).append('\n');
            actual.append(member, 0, member.indexOf(' ') + 1).append(layout.byteOffset(path)).append(' ')
                    .append(layout.select(path).byteSize()).append('\n');
        }
        assertEquals(expected.toString(), actual.toString());
        assertEquals(bytes, layout.byteSize());
    }

    @Test
    void address() {
        check(ferry_address.layout(), 32, "family 0 2", "port 2 2", "flow 4 4", "ipv6_high 8 8", "ipv6_low 16 8",
                "scope 24 4", "reserved 28 4");
    }

    @Test
    void poolConfig() {
        check(ferry_pool_config.layout(), 28, "frames 0 4", "frame_size 4 4", "headroom 8 4", "ring_capacity 12 4",
                "bridges 16 4", "huge_pages 20 4", "zero 24 4");
    }

    @Test
    void geometry() {
        check(ferry_geometry.layout(), 88, "control 0 8", "control_bytes 8 8", "data 16 8", "data_bytes 24 8",
                "bridge_offset 32 8", "bridge_bytes 40 8", "rx_slots 48 8", "tx_slots 56 8", "frames 64 4",
                "stride 68 4", "frame_size 72 4", "headroom 76 4", "ring_capacity 80 4", "bridges 84 4");
    }

    @Test
    void audit() {
        check(ferry_audit.layout(), 64, "frames 0 8", "free 8 8", "cached 16 8", "queued 24 8", "device 32 8",
                "leased 40 8", "duplicated 48 8", "corrupt 56 8");
    }

    @Test
    void statistics() {
        check(ferry_statistics.layout(), 192, "counters 0 160", "receive_buffer 160 8", "rx_queued 168 8",
                "tx_queued 176 8", "polling_ns 184 8");
    }

    @Test
    void nic() {
        check(ferry_nic_config.layout(), 80, "capture 0 8", "frames 8 8", "seed 16 8", "processor_hz 24 8",
                "line_rate 32 4", "load 36 4", "frame_bytes 40 4", "arrivals 44 4", "burst 48 4", "rx_fifo 52 4",
                "tx_fifo 56 4", "virtual_time 60 4", "interrupt_cycles 64 4", "look_cycles 68 4", "frame_cycles 72 4",
                "arm_cycles 76 4");
        check(ferry_nic_statistics.layout(), 120, "arrived 0 8", "arrived_bytes 8 8", "coming 16 8", "received 24 8",
                "dropped 32 8", "stalled 40 8", "queued 48 8", "transmitted 56 8", "transmitting 64 8",
                "interrupts 72 8", "looks 80 8", "stalls 88 8", "longest_stall 96 8", "now 104 8", "idle 112 8");
    }

    @Test
    void bridgeConfig() {
        check(ferry_bridge_config.layout(), 16, "flags 0 4", "budget 4 4", "spin_ns 8 4", "moderation_ns 12 4");
    }

    @Test
    void udpConfig() {
        check(ferry_udp_config.layout(), 80, "local 0 32", "remote 32 32", "receive_buffer 64 4", "send_buffer 68 4",
                "flags 72 4");
    }
}
