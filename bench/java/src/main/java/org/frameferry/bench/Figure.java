// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a frame costs one contestant. Each fork counts by the median of its samples, so that one that the host took away
 * the core from does not count. Immutable; any thread.
 *
 * @param median over the forks, ns
 * @param min of the forks, ns
 * @param max of the forks, ns
 * @param bytes allocated on the heap, the median over the forks; NaN where there is no heap
 */
record Figure(double median, double min, double max, double bytes) {
    /**
     * {@return the figure of some forks}
     *
     * @param forks samples of each, in ns a frame
     * @param bytes a frame, one number a fork, or none
     */
    static Figure of(List<double[]> forks, List<Double> bytes) {
        double[] medians = forks.stream().mapToDouble(Figure::median).sorted().toArray();
        return new Figure(median(medians), medians[0], medians[medians.length - 1],
                bytes.isEmpty() ? Double.NaN : median(bytes.stream().mapToDouble(Double::doubleValue).toArray()));
    }

    /** {@return the middle value, or the mean of the two in the middle} */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** {@return this figure without a cost that is in each frame of it} */
    Figure less(Figure part) {
        return new Figure(median - part.median, min - part.median, max - part.median, bytes);
    }

    /** "48.1", with about three digits. */
    static String number(double x) {
        double size = Math.abs(x);
        return String.format(Locale.ROOT, size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%,.0f", x);
    }

    /** "47.9..48.3"; "" of one fork. */
    String spread() {
        return min == max ? "" : number(min) + ".." + number(max);
    }

    /** "24.0 B"; "" where there is no heap. */
    String allocated() {
        return Double.isNaN(bytes) ? "" : bytes < 0.005 ? "0 B" : number(bytes) + " B";
    }
}
