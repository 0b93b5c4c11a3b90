// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a frame costs one contestant, turn by turn. Contestants take turns, so what has the same number was measured one
 * after the other, and is compared: where the host runs two cores far from each other for a while, everything between
 * threads costs five times as much. Immutable; any thread.
 *
 * @param turns ns, at least one
 * @param bytes allocated on the heap; NaN where there is no heap
 */
public record Figure(List<Double> turns, double bytes) {
    /** Beyond that a ratio says only that what was measured costs too little to be told from nothing. */
    public static final double MANY = 1000;
    private static final double LOW = 0.05;
    private static final double HIGH = 0.95;

    /**
     * {@return the figure of some forks; each counts by its median, so that a moment without the core does not}
     *
     * @param forks samples of each, in ns a frame
     * @param bytes a frame, one number a fork
     */
    static Figure of(List<double[]> forks, List<Double> bytes) {
        return new Figure(forks.stream().map(Figure::median).toList(), median(toArray(bytes)));
    }

    /** {@return the middle value, or the mean of the two in the middle} */
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static double[] toArray(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    public double median() {
        return median(toArray(turns));
    }

    /** {@return this figure without a cost that is in each frame of it} */
    public Figure less(Figure part) {
        return new Figure(IntStream.range(0, both(part)).mapToObj(i -> turns.get(i) - part.turns.get(i)).toList(),
                bytes);
    }

    /** {@return what this costs in times of the other: the median over the turns that both had} */
    public double times(Figure other) {
        return median(IntStream.range(0, both(other)).mapToDouble(i -> times(turns.get(i), other.turns.get(i)))
                .toArray());
    }

    /** Where a transport was taken off, the other may have cost no more than that transport varies. */
    private static double times(double ns, double other) {
        return other > 0 ? ns / other : Double.POSITIVE_INFINITY;
    }

    /** One has a turn more when Ctrl-C ended the last round. */
    private int both(Figure other) {
        return Math.min(turns.size(), other.turns.size());
    }

    /** "47.9..48.3": from the fastest turn to the slowest, of many without the outermost twentieths; "" of one. */
    public String spread() {
        double[] sorted = toArray(turns);
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        return last == 0 ? ""
                : number(sorted[(int) (last * LOW)]) + ".." + number(sorted[(int) Math.ceil(last * HIGH)]);
    }

    /** "24.0 B"; "" where there is no heap. */
    String allocated() {
        return Double.isNaN(bytes) ? "" : bytes < 0.005 ? "0 B" : number(bytes) + " B";
    }

    /** "48.1", with about three digits. */
    public static String number(double x) {
        double size = Math.abs(x);
        return String.format(Locale.ROOT, size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%,.0f", x);
    }
}
