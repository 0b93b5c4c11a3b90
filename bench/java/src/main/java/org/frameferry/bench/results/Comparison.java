// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.frameferry.bench.Figure;

/**
 * The same workload in two result sets. Immutable; any thread.
 *
 * @param ratio of the medians, after to before
 * @param low where the ratio's interval of 95 % begins
 * @param high where it ends
 * @param comparable false if the cores were near each other in one and far in the other
 */
public record Comparison(Measurement before, Measurement after, double ratio, double low, double high,
        boolean comparable) {
    private static final int RESAMPLES = 10_000;
    private static final double OUTSIDE = 0.025;

    /** What came out of it. */
    public enum Verdict {
        BETTER, WORSE, SAME, UNKNOWN
    }

    /**
     * {@return the comparison} The interval is that of a bootstrap (Efron, 1979): medians of samples drawn with
     * replacement, again and again, which asks for no distribution. The same samples give the same interval.
     */
    public static Comparison of(Measurement before, Measurement after) {
        double[] a = before.samplesInPlacement();
        double[] b = after.samplesInPlacement();
        SplittableRandom random = new SplittableRandom(1);
        double[] ratios = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            ratios[i] = resample(b, random) / resample(a, random);
        }
        Arrays.sort(ratios);
        return new Comparison(before, after, Figure.median(b) / Figure.median(a), ratios[(int) (RESAMPLES * OUTSIDE)],
                ratios[(int) (RESAMPLES * (1 - OUTSIDE))], near(before.roundTrips(), after.roundTrips()));
    }

    /** {@return the same without what the machine itself has changed, and no surer than that is known} */
    public Comparison without(Drift drift) {
        double factor = after.moreIsBetter() ? 1 / drift.factor() : drift.factor();
        return new Comparison(before, after, ratio / factor, low / factor / drift.scatter(),
                high / factor * drift.scatter(), comparable);
    }

    private static double resample(double[] samples, SplittableRandom random) {
        return Figure.median(DoubleStream.generate(() -> samples[random.nextInt(samples.length)])
                .limit(samples.length).toArray());
    }

    private static boolean near(List<Double> a, List<Double> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return true;
        }
        return Ratios.near(Measurement.median(a), Measurement.median(b));
    }

    /** {@return all that both have, in the order of the second} */
    public static List<Comparison> all(ResultSet before, ResultSet after) {
        return after.measurements().stream().map(b -> before.measurements().stream()
                .filter(a -> a.key().equals(b.key()) && a.unit().equals(b.unit())).findFirst().map(a -> of(a, b)))
                .flatMap(Optional::stream).toList();
    }

    public Verdict verdict() {
        if (!comparable) {
            return Verdict.UNKNOWN;
        }
        if (low <= 1 && high >= 1) {
            return Verdict.SAME;
        }
        return ratio > 1 == after.moreIsBetter() ? Verdict.BETTER : Verdict.WORSE;
    }

    /** "1.23 x  1.10..1.41  worse". */
    public String text() {
        return String.format(Locale.ROOT, "%5.2f x  %5.2f..%-5.2f  %s", ratio, low, high, switch (verdict()) {
            case BETTER -> "better";
            case WORSE -> "worse";
            case SAME -> "the same within its noise";
            case UNKNOWN -> "not comparable: the host had placed the cores otherwise";
        });
    }
}
