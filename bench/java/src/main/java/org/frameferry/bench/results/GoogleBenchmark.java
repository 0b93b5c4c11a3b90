// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads what the native programs print, which is Google Benchmark's JSON. Names are "c-to-c/boost/batch:64/capacity:8192";
 * a sample is a repetition. Static functions; any thread.
 */
public final class GoogleBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RATE = "items_per_second";
    private static final String ROUND_TRIP = "round_trip_ns";
    private static final double NS = 1e9;
    /** What an entry has besides counters: its name and place in the run, and times that we do not use. */
    private static final Set<String> NO_FIGURES = Set.of("family_index", "per_family_instance_index", "repetitions",
            "repetition_index", "threads", "iterations", "real_time", "cpu_time", RATE, ROUND_TRIP);

    private GoogleBenchmark() {}

    /**
     * {@return the document, for those who know the format}
     *
     * @throws IOException if the text is something else
     */
    public static JsonNode document(String text) throws IOException {
        try {
            JsonNode document = JSON.readTree(text);
            if (document.path("benchmarks").isArray() && document.path("context").isObject()) {
                return document;
            }
        } catch (JsonProcessingException e) {
            throw new IOException("a native benchmark printed no JSON: " + e.getOriginalMessage(), e);
        }
        throw new IOException("a native benchmark printed JSON, but not Google Benchmark's");
    }

    /**
     * {@return what documents of several rounds say, their samples in order}
     *
     * @throws IOException if a benchmark failed, with what it said
     */
    public static List<Measurement> measurements(String suite, List<JsonNode> documents) throws IOException {
        Map<String, List<JsonNode>> byName = new LinkedHashMap<>();
        for (JsonNode document : documents) {
            for (JsonNode entry : document.get("benchmarks")) {
                if (entry.path("error_occurred").asBoolean()) {
                    throw new IOException(name(entry) + " failed: " + entry.path("error_message").asText());
                }
                if (entry.path("run_type").asText().equals("iteration")) {
                    byName.computeIfAbsent(name(entry), n -> new ArrayList<>()).add(entry);
                }
            }
        }
        List<Measurement> all = new ArrayList<>();
        byName.forEach((name, entries) -> all.add(measurement(suite, name, entries)));
        return all;
    }

    /** "c-to-c/boost/batch:64", without what Google Benchmark adds: "/iterations:1/manual_time". */
    private static String name(JsonNode entry) {
        return entry.path("run_name").asText().replaceAll("/(iterations|repeats|min_time):[^/]*|/manual_time|/real_time",
                "");
    }

    private static Measurement measurement(String suite, String name, List<JsonNode> entries) {
        String[] parts = name.split("/");
        Map<String, String> parameters = new TreeMap<>();
        for (int i = 2; i < parts.length; i++) {
            int colon = parts[i].indexOf(':');
            parameters.put(parts[i].substring(0, colon), parts[i].substring(colon + 1));
        }
        boolean rate = entries.getFirst().has(RATE);
        List<Double> samples = entries.stream().map(e -> rate ? NS / e.get(RATE).asDouble()
                : e.get("real_time").asDouble()).toList();
        List<Double> trips = entries.stream().filter(e -> e.has(ROUND_TRIP)).map(e -> e.get(ROUND_TRIP).asDouble())
                .toList();
        return new Measurement(suite, parts[0], parts[1], parameters, rate ? "ns/frame" : "ns", samples, trips,
                figures(entries));
    }

    /** The medians of the counters. */
    private static Map<String, Double> figures(List<JsonNode> entries) {
        Map<String, List<Double>> values = new TreeMap<>();
        entries.forEach(entry -> entry.properties().stream()
                .filter(e -> e.getValue().isNumber() && !NO_FIGURES.contains(e.getKey()))
                .forEach(e -> values.computeIfAbsent(e.getKey(), k -> new ArrayList<>()).add(e.getValue().asDouble())));
        Map<String, Double> figures = new TreeMap<>();
        values.forEach((key, list) -> figures.put(key, Measurement.median(list)));
        return figures;
    }

    /** {@return the compiler and its options, as the program tells them; "" if it does not} */
    public static String compiler(JsonNode document) {
        return document.path("context").path("compiler").asText("");
    }
}
