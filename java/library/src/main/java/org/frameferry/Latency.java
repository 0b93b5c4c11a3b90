// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;

/// Times of one operation, in a histogram of HdrHistogram's: two significant digits, a fixed 30 KiB of heap, nothing
/// allocated for a record. The only class that needs that library: where it is not there, [Meter] does without this. Any thread.
final class Latency {
    private static final long MOST = TimeUnit.SECONDS.toNanos(60);

    private final AtomicHistogram histogram = new AtomicHistogram(MOST, 2);

    void record(long nanos) {
        histogram.recordValue(Math.min(Math.max(0, nanos), MOST));
    }

    LatencySummary summary() {
        Histogram copy = histogram.copy(); // or the figures would be those of different moments
        return copy.getTotalCount() == 0 ? LatencySummary.NONE : new LatencySummary(copy.getTotalCount(), copy.getMean(),
                copy.getValueAtPercentile(50), copy.getValueAtPercentile(99), copy.getValueAtPercentile(99.9),
                copy.getMaxValue());
    }
}
