// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.frameferry.bench.Figure;

/**
 * How much longer a machine took, in the second of two runs, for what is not ours: empty calls, the queues of others, the
 * bare ping-pong. On a shared host everything can take a quarter longer from one hour to the next, and that is no change
 * of the code. Immutable; any thread.
 *
 * @param factor what it took, as a multiple: the median of the controls; 1 if there are none
 * @param scatter by what factor a control may lie above or below that: 95 % do not lie further away
 * @param controls how many workloads it was seen in
 */
public record Drift(double factor, double scatter, int controls) {
    private static final double WITHIN = 0.95;

    /** {@return the drift in each suite} */
    public static Map<String, Drift> bySuite(List<Comparison> all) {
        return all.stream().collect(Collectors.groupingBy(c -> c.after().suite(),
                Collectors.collectingAndThen(Collectors.toList(), Drift::of)));
    }

    private static Drift of(List<Comparison> suite) {
        double[] costs = suite.stream().filter(c -> c.comparable() && isControl(c.after()))
                .mapToDouble(c -> Math.log(c.after().moreIsBetter() ? 1 / c.ratio() : c.ratio())).toArray();
        if (costs.length == 0) {
            return new Drift(1, 1, 0);
        }
        double middle = Figure.median(costs);
        double[] away = Arrays.stream(costs).map(c -> Math.abs(c - middle)).sorted().toArray();
        return new Drift(Math.exp(middle), Math.exp(away[(int) Math.ceil(WITHIN * away.length) - 1]), costs.length);
    }

    /** In these three suites there is something that no change of ours can touch. */
    private static boolean isControl(Measurement m) {
        return switch (m.suite()) {
            case "crossing" -> m.workload().equals("empty");
            case "stream", "job" -> !m.contestant().startsWith("frameferry");
            default -> false;
        };
    }
}
