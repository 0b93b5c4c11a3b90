// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** The figures of a demo for programs. Static functions; any thread. */
final class DemoJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DemoJson() {}

    /**
     * {@return the whole document}
     *
     * @param ratios of CPU a datagram, Frameferry to the bare C loop, one of each pair of runs
     * @param notRun why, by receiver
     */
    static String text(String sender, int seconds, Machine machine, List<Run> runs, List<Double> ratios,
            Map<String, String> notRun) {
        ObjectNode root = JSON.createObjectNode().put("sender", sender).put("seconds", seconds);
        root.putObject("machine").put("cpu", machine.cpu()).put("cores", machine.cores())
                .put("kernel", machine.kernel()).put("jdk", machine.jdk()).put("memory", machine.memory())
                .put("receiveBufferLimit", machine.receiveBufferLimit());
        ArrayNode list = root.putArray("runs");
        runs.forEach(r -> put(list.addObject(), r));
        if (!ratios.isEmpty()) {
            ArrayNode pairs = root.putObject("cpuToBareC").put("median", Verdict.median(ratios)).putArray("pairs");
            ratios.forEach(pairs::add);
        }
        ObjectNode missing = root.putObject("notRun");
        notRun.forEach(missing::put);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + System.lineSeparator();
        } catch (JsonProcessingException e) {
            throw new AssertionError("a tree of text and numbers can always be written", e);
        }
    }

    private static void put(ObjectNode node, Run r) {
        node.put("receiver", r.receiver()).put("sent", r.sent()).put("received", r.received()).put("lost", r.lost())
                .put("lossPercent", r.lossPercent()).put("mbitPerSecond", r.mbitPerSecond())
                .put("cpuNsPerDatagram", r.cpuNsPerDatagram()).put("framesPerCrossing", r.framesPerCrossing())
                .put("seconds", r.seconds()).put("cpuNs", r.cpuNanos()).put("receiveBuffer", r.receiveBuffer());
    }
}
