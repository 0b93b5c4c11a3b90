// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.ScalarResult;

/** What the profilers add to an iteration. */
class ProfilersTest {
    @Test
    void thePlacementIsTheRoundTrip() {
        assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "needs two processors");
        PlacementProfiler profiler = new PlacementProfiler();
        profiler.beforeIteration(null, null);
        Collection<ScalarResult> results = profiler.afterIteration(null, null, null);
        assertEquals(List.of(PlacementProfiler.ROUND_TRIP), results.stream().map(ScalarResult::getLabel).toList());
        assertTrue(results.iterator().next().getScore() > 0);
    }

    @Test
    void percentilesAreThoseOfOneIteration() {
        LatencyProfiler profiler = new LatencyProfiler();
        profiler.beforeIteration(null, null);
        LatencyProfiler.record(1_000_000);
        profiler.beforeIteration(null, null);
        for (int i = 1; i <= 1000; i++) {
            LatencyProfiler.record(i);
        }
        List<ScalarResult> results = List.copyOf(profiler.afterIteration(null, null, null));
        assertEquals(List.of("p50", "p99", "p999", "max"), results.stream().map(ScalarResult::getLabel).toList());
        assertEquals(List.of(500.0, 990.0, 999.0, 1000.0), results.stream().map(ScalarResult::getScore).toList());
    }

    @Test
    void withoutLatenciesThereAreNoPercentiles() {
        LatencyProfiler profiler = new LatencyProfiler();
        profiler.beforeIteration(null, null);
        assertEquals(List.of(), List.copyOf(profiler.afterIteration(null, null, null)));
    }
}
