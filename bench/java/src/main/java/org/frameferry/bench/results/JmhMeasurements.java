// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.frameferry.bench.stream.PlacementProfiler;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;

/**
 * What JMH has measured in common form: a class is a workload, a method or group a contestant, an iteration a sample.
 * Static functions; any thread.
 */
public final class JmhMeasurements {
    private static final String BYTES = "gc.alloc.rate.norm";

    private JmhMeasurements() {}

    /**
     * {@return the measurement}
     *
     * @param forks of one benchmark with the same parameters, in the order of their rounds
     */
    public static Measurement of(String suite, List<BenchmarkResult> forks) {
        BenchmarkParams params = forks.getFirst().getParams();
        String[] name = params.getBenchmark().split("\\.");
        Map<String, String> parameters = new TreeMap<>();
        params.getParamsKeys().forEach(key -> parameters.put(key, params.getParam(key)));
        List<Double> samples = new ArrayList<>();
        List<Double> trips = new ArrayList<>();
        for (BenchmarkResult fork : forks) {
            for (IterationResult iteration : fork.getIterationResults()) {
                samples.add(iteration.getPrimaryResult().getScore());
                Result<?> trip = iteration.getSecondaryResults().get(PlacementProfiler.ROUND_TRIP);
                if (trip != null) {
                    trips.add(trip.getScore());
                }
            }
        }
        String workload = kebab(name[name.length - 2]);
        return new Measurement(suite, workload, kebab(name[name.length - 1]), parameters, unit(workload), samples,
                trips, figures(forks));
    }

    /** What one of JMH's operations is. */
    private static String unit(String workload) {
        return switch (workload) {
            case "empty" -> "ns/call";
            case "java-round-trip", "java-c-round-trip" -> "ns";
            default -> "ns/frame";
        };
    }

    /** "JavaToC" becomes "java-to-c". */
    static String kebab(String name) {
        return name.replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /**
     * The medians of the iterations: the last of a fork has the bytes of its tear-down. Each thread of a group counts what
     * passes through it, so a frame is as many operations as there are halves.
     */
    private static Map<String, Double> figures(List<BenchmarkResult> forks) {
        Map<String, List<Double>> values = new TreeMap<>();
        for (BenchmarkResult fork : forks) {
            int halves = fork.getParams().getThreadGroups().length;
            for (IterationResult iteration : fork.getIterationResults()) {
                iteration.getSecondaryResults().forEach((label, result) -> {
                    if (label.equals(BYTES)) {
                        add(values, "bytes", result.getScore() * halves);
                    } else if (!label.startsWith("gc.") && !label.equals(PlacementProfiler.ROUND_TRIP)) {
                        add(values, label, result.getScore());
                    }
                });
            }
        }
        Map<String, Double> figures = new TreeMap<>();
        values.forEach((key, list) -> figures.put(key, Measurement.median(list)));
        return figures;
    }

    private static void add(Map<String, List<Double>> values, String key, double value) {
        values.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
    }
}
