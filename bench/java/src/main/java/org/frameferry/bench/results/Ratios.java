// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import java.util.stream.IntStream;
import org.frameferry.bench.Figure;

/** How many times better one contestant did than another of the same run. Static functions; any thread. */
final class Ratios {
    private static final double NEAR = 1.5;

    private Ratios() {}

    /**
     * {@return the median of the ratios of samples with the same number, which were taken one after the other} Those are
     * left out between which the host moved the cores.
     *
     * @return more than 1 if ours is better
     */
    static double times(Measurement ours, Measurement other) {
        int both = Math.min(ours.samples().size(), other.samples().size());
        boolean placed = !ours.roundTrips().isEmpty() && !other.roundTrips().isEmpty();
        double[] ratios = IntStream.range(0, both)
                .filter(i -> !placed || near(ours.roundTrips().get(i), other.roundTrips().get(i)))
                .mapToDouble(i -> ours.moreIsBetter() ? ours.samples().get(i) / other.samples().get(i)
                        : other.samples().get(i) / ours.samples().get(i)).toArray();
        return ratios.length == 0 ? Double.NaN : Figure.median(ratios);
    }

    static boolean near(double a, double b) {
        return a < NEAR * b && b < NEAR * a;
    }
}
