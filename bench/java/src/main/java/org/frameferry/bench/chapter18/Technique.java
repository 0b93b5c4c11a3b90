// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.frameferry.bench.Figure;

/**
 * What the native program `techniques` has measured of one workload. Immutable; any thread.
 *
 * @param workload "ring.list"
 * @param bytes of the payload, 0 where none is moved
 * @param ns an operation, a sample a round
 * @param cycles of the processor's counter an operation, likewise; empty where it has none
 * @param misses null unless they were counted
 */
record Technique(String workload, int threads, int bytes, Figure ns, Optional<Figure> cycles, Misses misses) {
    static final String PROGRAM = "techniques";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@return what the program calls it where one is asked for: "headers.move:9000"} */
    String key() {
        return workload + ":" + bytes;
    }

    /** {@return the same in one thread, if it is there: what cachegrind can count} */
    String inOneThread() {
        return workload + ".same:" + bytes;
    }

    Technique with(Misses counted) {
        return new Technique(workload, threads, bytes, ns, cycles, counted);
    }

    /**
     * {@return what the program has printed}
     *
     * @throws IOException if it is not that
     */
    static List<Technique> parse(String text) throws IOException {
        JsonNode array;
        try {
            array = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException(PROGRAM + " printed no JSON: " + e.getOriginalMessage(), e);
        }
        if (!array.isArray()) {
            throw new IOException(PROGRAM + " printed no list of workloads: " + text.strip());
        }
        List<Technique> all = new ArrayList<>();
        for (JsonNode node : array) {
            double[] ns = samples(node, "nsPerOp");
            double[] cycles = samples(node, "cyclesPerOp");
            if (!node.path("workload").isTextual() || ns.length == 0 || !node.path("threads").isInt()) {
                throw new IOException(PROGRAM + " printed " + node + ", without a name, threads or samples");
            }
            all.add(new Technique(node.get("workload").asText(), node.get("threads").asInt(),
                    node.path("bytes").asInt(), figure(ns),
                    cycles.length == 0 ? Optional.empty() : Optional.of(figure(cycles)), null));
        }
        return all;
    }

    private static double[] samples(JsonNode node, String key) {
        return StreamSupport.stream(node.path(key).spliterator(), false).mapToDouble(JsonNode::asDouble).toArray();
    }

    private static Figure figure(double[] samples) {
        return new Figure(DoubleStream.of(samples).boxed().toList(), Double.NaN);
    }
}
