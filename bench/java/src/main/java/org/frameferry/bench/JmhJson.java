// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.frameferry.cli.demo.Machine;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.util.ListStatistics;

/**
 * The figures for programs: JMH's own JSON, the native results in the same shape, and in each entry the machine. Static
 * functions; any thread.
 */
public final class JmhJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double[] PERCENTILES = {0, 50, 90, 95, 99, 99.9, 99.99, 99.999, 99.9999, 100};
    private static final double CONFIDENCE = 0.999;

    private JmhJson() {}

    static String text(List<RunResult> java, List<NativeProgram.Result> natives, Machine machine) {
        try {
            ArrayNode array = JSON.createArrayNode().addAll(entries(java));
            natives.forEach(n -> put(array.addObject(), n));
            for (JsonNode entry : array) {
                put((ObjectNode) entry, machine);
            }
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(array) + System.lineSeparator();
        } catch (JsonProcessingException e) {
            throw new AssertionError("a tree of JSON can be written", e);
        }
    }

    /** {@return what JMH would write, an entry a benchmark} */
    public static List<JsonNode> entries(List<RunResult> java) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ResultFormatFactory.getInstance(ResultFormatType.JSON, new PrintStream(bytes, true, StandardCharsets.UTF_8))
                .writeOut(java);
        try {
            List<JsonNode> entries = new ArrayList<>();
            for (JsonNode entry : JSON.readTree(bytes.toString(StandardCharsets.UTF_8))) { // JMH ran each fork by itself,
                ((ObjectNode) entry).put("forks", entry.path("primaryMetric").path("rawData").size()); // and says so
                entries.add(entry);
            }
            return entries;
        } catch (JsonProcessingException e) {
            throw new AssertionError("what JMH wrote is JSON", e);
        }
    }

    /** The machine, as every JSON of a benchmark has it. */
    public static void put(ObjectNode entry, Machine machine) {
        entry.putObject("machine").put("cpu", machine.cpu()).put("cores", machine.cores())
                .put("kernel", machine.kernel()).put("jdk", machine.jdk()).put("memory", machine.memory());
    }

    private static void put(ObjectNode entry, NativeProgram.Result result) {
        entry.put("benchmark", "native." + result.benchmark()).put("mode", "avgt").put("threads", result.threads())
                .put("forks", 1).put("warmupIterations", 0).put("measurementIterations", result.samples().length);
        entry.putObject("params").put("malloc", result.malloc()).put("frames", Long.toString(result.frames()))
                .put("payload", Integer.toString(result.payload()));
        ListStatistics statistics = new ListStatistics(result.samples());
        ObjectNode metric = entry.putObject("primaryMetric").put("score", statistics.getMean());
        metric.set("scoreError", number(statistics.getMeanErrorAt(CONFIDENCE)));
        ArrayNode confidence = metric.putArray("scoreConfidence");
        for (double bound : statistics.getConfidenceIntervalAt(CONFIDENCE)) {
            confidence.add(number(bound));
        }
        ObjectNode percentiles = metric.putObject("scorePercentiles");
        for (double p : PERCENTILES) {
            percentiles.put(Double.toString(p), statistics.getPercentile(p));
        }
        metric.put("scoreUnit", "ns/op");
        ArrayNode raw = metric.putArray("rawData").addArray();
        for (double sample : result.samples()) {
            raw.add(sample);
        }
        entry.putObject("secondaryMetrics");
    }

    /** As JMH writes it: JSON has no number that is none. */
    private static JsonNode number(double value) {
        return Double.isNaN(value) ? TextNode.valueOf("NaN") : DoubleNode.valueOf(value);
    }
}
