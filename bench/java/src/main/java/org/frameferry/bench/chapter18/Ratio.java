// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.frameferry.bench.Figure;

/**
 * How many times as much the baseline costs. Immutable; any thread.
 *
 * @param times NaN where none can be told
 * @param atLeast it is so much or more: what was improved cannot be told from nothing
 */
record Ratio(double times, boolean atLeast) {
    static final Ratio NONE = new Ratio(Double.NaN, false);
    /** Half-width, in square roots of the number of rounds, of where the median lies 95 times of 100. */
    private static final double WIDTH = 0.98;

    /** {@return the median over the rounds that both had; none where one was not measured} */
    static Ratio of(Figure baseline, Figure improved) {
        return baseline == null || improved == null || improved.median() <= 0 ? NONE
                : new Ratio(baseline.times(improved), false);
    }

    /**
     * {@return the ratio without a cost that is in both} Where nothing certain is left of the improved one, that cost
     * stays on it, and the ratio is at least that; where nothing certain is left of the baseline, there is none.
     */
    static Ratio without(Figure part, Figure baseline, Figure improved) {
        if (part == null || baseline == null || improved == null || !certain(baseline.less(part))) {
            return NONE;
        }
        if (!certain(improved.less(part))) {
            return new Ratio(baseline.less(part).times(improved), true);
        }
        double times = baseline.less(part).times(improved.less(part));
        return times < Figure.MANY ? new Ratio(times, false) : new Ratio(Figure.MANY, true);
    }

    /** Whether the median is above zero, and not by luck: with 95 % confidence, whatever the distribution. */
    static boolean certain(Figure figure) {
        List<Double> turns = figure.turns();
        double[] sorted = turns.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int low = (int) Math.max(0, Math.floor(sorted.length / 2.0 - WIDTH * Math.sqrt(sorted.length)));
        return sorted[low] > 0;
    }

    /**
     * {@return how much more of its frames the baseline lost} A driver that lost none counts as if it had lost one;
     * where the baseline lost none either, there is nothing to compare.
     *
     * @param baseline rounds, in turn with those of the improved one
     */
    static Ratio ofLosses(List<DriverRun> baseline, List<DriverRun> improved) {
        double[] times = IntStream.range(0, Math.min(baseline.size(), improved.size()))
                .mapToDouble(i -> baseline.get(i).loss() / Math.max(improved.get(i).loss(), improved.get(i).oneFrame()))
                .filter(x -> !Double.isNaN(x)).toArray();
        return times.length == 0 || baseline.stream().allMatch(run -> run.lost() == 0) ? NONE
                : new Ratio(Figure.median(times), improved.stream().allMatch(run -> run.lost() == 0));
    }

    boolean known() {
        return !Double.isNaN(times);
    }

    /** "5.30 x", "at least 40.0 x", "" where none is known. */
    String text() {
        return text("at least ");
    }

    /** "5.30 x", ">= 40.0 x", "" where none is known. */
    String shortText() {
        return text(">= ");
    }

    private String text(String least) {
        return !known() ? "" : (atLeast ? least : "") + Figure.number(times) + " x";
    }
}
