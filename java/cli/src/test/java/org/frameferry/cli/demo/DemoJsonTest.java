// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The names and values in the file of figures. */
class DemoJsonTest {
    @Test
    void namesAndValues() throws Exception {
        Machine machine = new Machine("A processor", 2, "Linux 6", "25", 8L << 30, 212_992, 106_496);
        Run run = new Run(Run.FRAMEFERRY, 1_000_000, 750_000, 2, 600_000_000L, 12.5, 8 << 20);

        JsonNode root = new ObjectMapper().readTree(
                DemoJson.text("iperf3 -u", 2, machine, List.of(run), List.of(1.5, 1.0, 1.25),
                        Map.of(Run.IPERF3, "not installed")));

        assertEquals("iperf3 -u", root.get("sender").asText());
        assertEquals(2, root.get("seconds").asInt());
        assertEquals("A processor", root.get("machine").get("cpu").asText());
        assertEquals(212_992, root.get("machine").get("receiveBufferLimit").asInt());
        assertEquals("not installed", root.get("notRun").get("iperf3").asText());
        assertEquals(1.25, root.get("cpuToBareC").get("median").asDouble());
        assertEquals(3, root.get("cpuToBareC").get("pairs").size());
        JsonNode r = root.get("runs").get(0);
        assertEquals("frameferry", r.get("receiver").asText());
        assertTrue(r.get("sent").isIntegralNumber());
        assertEquals(1_000_000, r.get("sent").asLong());
        assertEquals(750_000, r.get("received").asLong());
        assertEquals(250_000, r.get("lost").asLong());
        assertEquals(25.0, r.get("lossPercent").asDouble());
        assertEquals(192.0, r.get("mbitPerSecond").asDouble());
        assertEquals(800.0, r.get("cpuNsPerDatagram").asDouble());
        assertEquals(12.5, r.get("framesPerCrossing").asDouble());
        assertEquals(8 << 20, r.get("receiveBuffer").asLong());
    }
}
