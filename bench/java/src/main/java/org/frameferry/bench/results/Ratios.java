// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import java.util.List;
import java.util.stream.IntStream;
import org.frameferry.bench.Figure;

/** How many times better one contestant did than another of the same run. Static functions; any thread. */
final class Ratios {
    private static final double NEAR = 1.5;

    private Ratios() {}

    /** Two measurements and their ratio, more than 1 if ours is better; NaN if the cores were never placed alike. */
    record Ratio(Measurement ours, Measurement other, double times) {
    }

    /**
     * {@return ours at its best setting against the best of the others at its best} For each setting of ours that other
     * counts beside which it looks worst.
     *
     * @return null if one of the lists is empty, or all ratios are unknown
     */
    static Ratio best(List<Measurement> ours, List<Measurement> others) {
        Ratio best = null;
        for (Measurement one : ours) {
            Ratio worst = null;
            for (Measurement other : others) {
                Ratio ratio = new Ratio(one, other, times(one, other));
                worst = !Double.isNaN(ratio.times) && (worst == null || ratio.times < worst.times) ? ratio : worst;
            }
            best = worst != null && (best == null || worst.times > best.times) ? worst : best;
        }
        return best;
    }

    /**
     * {@return the median over the samples of ours of the ratio to what the other did while the cores were as near each
     * other as then} Where one thread ran, samples with the same number are compared, which were taken one after the
     * other. More than 1 if ours is better.
     */
    static double times(Measurement ours, Measurement other) {
        boolean placed = !ours.roundTrips().isEmpty() && !other.roundTrips().isEmpty();
        double[] ratios = placed
                ? IntStream.range(0, ours.samples().size()).mapToDouble(i -> inPlacement(ours, i, other))
                        .filter(x -> !Double.isNaN(x)).toArray()
                : IntStream.range(0, Math.min(ours.samples().size(), other.samples().size()))
                        .mapToDouble(i -> other.samples().get(i) / ours.samples().get(i)).toArray();
        double ratio = ratios.length == 0 ? Double.NaN : Figure.median(ratios);
        return ours.moreIsBetter() ? 1 / ratio : ratio;
    }

    private static double inPlacement(Measurement ours, int i, Measurement other) {
        double[] like = IntStream.range(0, other.samples().size())
                .filter(j -> near(ours.roundTrips().get(i), other.roundTrips().get(j)))
                .mapToDouble(j -> other.samples().get(j)).toArray();
        return like.length == 0 ? Double.NaN : Figure.median(like) / ours.samples().get(i);
    }

    /** {@return whether two round trips are those of one placement of the cores} */
    static boolean near(double a, double b) {
        return a < NEAR * b && b < NEAR * a;
    }
}
