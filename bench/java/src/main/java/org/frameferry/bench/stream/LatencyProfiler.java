// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import java.util.Collection;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * The latencies that a benchmark recorded, as secondary results of each iteration: p50, p99, p999 and max, in ns. One
 * thread records, and JMH's asks after it has ended its iteration.
 */
public final class LatencyProfiler implements InternalProfiler {
    private static final int DIGITS = 3;
    private static final long LONGEST = 10_000_000_000L;
    private static final Histogram HISTOGRAM = new Histogram(LONGEST, DIGITS);

    /** From the thread that measures. Nothing is allocated. */
    static void record(long ns) {
        HISTOGRAM.recordValue(Math.min(ns, LONGEST));
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        HISTOGRAM.reset();
    }

    @Override
    public Collection<ScalarResult> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
            IterationResult result) {
        if (HISTOGRAM.getTotalCount() == 0) {
            return List.of(); // a benchmark without latencies
        }
        return List.of(percentile("p50", 50), percentile("p99", 99), percentile("p999", 99.9),
                percentile("max", 100));
    }

    private static ScalarResult percentile(String name, double percent) {
        return new ScalarResult(name, HISTOGRAM.getValueAtPercentile(percent), "ns", AggregationPolicy.AVG);
    }

    @Override
    public String getDescription() {
        return "percentiles of the latencies that a benchmark records";
    }
}
