// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// How long an operation took, in nanoseconds, by those that were timed: see [PoolStatistics]. What reading the clock takes,
/// some 20 ns, is in each. Immutable; any thread.
///
/// @param count operations timed; 0: the others are 0, too
/// @param mean their arithmetic mean
/// @param p50 half of them took at most so long
/// @param p99 99 of a hundred did
/// @param p999 999 of a thousand did
/// @param max all of them did; 60 s stand for anything longer
public record LatencySummary(long count, double mean, long p50, long p99, long p999, long max) {
    static final LatencySummary NONE = new LatencySummary(0, 0, 0, 0, 0, 0);

    /// Both together. Percentiles cannot be added, but for those of all together the larger one is an upper bound.
    LatencySummary plus(LatencySummary other) {
        long all = count + other.count;
        return all == 0 ? NONE : new LatencySummary(all, (mean * count + other.mean * other.count) / all,
                Math.max(p50, other.p50), Math.max(p99, other.p99), Math.max(p999, other.p999),
                Math.max(max, other.max));
    }
}
