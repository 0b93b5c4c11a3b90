// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.frameferry.bench.Figure;

/**
 * What one contestant did in one workload, sample by sample. Contestants take turns, so samples with the same number
 * were taken one after the other, and are compared. Immutable; any thread.
 *
 * @param suite that it belongs to: "crossing", "stream", "job", "scale"
 * @param workload "enqueue", "c-to-c"
 * @param contestant "frameferry", "jni"
 * @param parameters "batch" to "64", in the order of their names
 * @param unit of the samples; a rate if it has a "/s" in it, of which more is better, else a cost
 * @param samples at least one
 * @param roundTrips ns that a word took from one core to the other and back, measured around each sample; none where one
 *         thread ran
 * @param figures what else was counted: "bytes" allocated a frame, "p99" in ns
 */
public record Measurement(String suite, String workload, String contestant, Map<String, String> parameters,
        String unit, List<Double> samples, List<Double> roundTrips, Map<String, Double> figures) {
    public Measurement {
        if (samples.isEmpty() || !roundTrips.isEmpty() && roundTrips.size() != samples.size()) {
            throw new IllegalArgumentException(suite + "." + workload + "." + contestant + " has " + samples.size()
                    + " samples, and " + roundTrips.size() + " round trips");
        }
        parameters = new TreeMap<>(parameters);
        figures = new TreeMap<>(figures);
    }

    /** {@return what tells it from all others: "stream/c-to-c/frameferry/batch:64/capacity:8192"} */
    public String key() {
        return workloadKey(contestant);
    }

    /** {@return the key that another contestant has in the same workload, with the same parameters} */
    public String workloadKey(String other) {
        return suite + "/" + workload + "/" + other + parameters.entrySet().stream()
                .map(e -> "/" + e.getKey() + ":" + e.getValue()).collect(Collectors.joining());
    }

    /** {@return whether the unit is a rate} */
    public boolean moreIsBetter() {
        return unit.contains("/s") || unit.contains("CPU-second");
    }

    /** {@return that of [#samplesInPlacement()]} */
    public double median() {
        return Figure.median(samplesInPlacement());
    }

    static double median(List<Double> values) {
        return Figure.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** {@return the parameter as a number, NaN where it is none} */
    public double number(String parameter) {
        String text = parameters.get(parameter);
        try {
            return text == null ? Double.NaN : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /**
     * {@return the samples that were taken while the two cores were as near as they mostly were: with a round trip less
     * than half away from the median, of all where there is none}
     */
    public double[] samplesInPlacement() {
        double[] all = samples.stream().mapToDouble(Double::doubleValue).toArray();
        if (roundTrips.isEmpty()) {
            return all;
        }
        double usual = median(roundTrips);
        double[] some = IntStream.range(0, all.length)
                .filter(i -> Ratios.near(roundTrips.get(i), usual))
                .mapToDouble(i -> all[i]).toArray();
        return some.length == 0 ? all : some;
    }
}
