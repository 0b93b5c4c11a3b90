// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * How far apart the two processors were, as the secondary result {@link #ROUND_TRIP}: the mean of just before and just
 * after an iteration. Hosts move cores about, and what was measured in different places is not to be compared.
 */
public final class PlacementProfiler implements InternalProfiler {
    /** The name of the result. */
    public static final String ROUND_TRIP = "roundTrip";
    private static final int MILLIS = 5;

    private double before;

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = Cores.roundTrip(MILLIS);
    }

    @Override
    public Collection<ScalarResult> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
            IterationResult result) {
        double after = Cores.roundTrip(MILLIS);
        return List.of(new ScalarResult(ROUND_TRIP, (before + after) / 2, "ns", AggregationPolicy.AVG));
    }

    @Override
    public String getDescription() {
        return "ns from one core to the other and back, around each iteration";
    }
}
