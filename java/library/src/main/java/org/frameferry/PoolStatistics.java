// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.util.Collection;
import java.util.Objects;

/// The figures of one pool, or of several together: counters since the pool was built, and where its frames are now. Each is
/// exact when nothing moves, but they are read one after the other. Immutable; any thread.
///
/// A frame that is asked for is a hit if the pool has it, and a miss if it has not: frame by frame, leased singly or into a
/// batch, or taken by a bridge for what arrives. A lease that waits is a hit or a miss when the wait ends.
///
/// Latencies are those of single leases and releases, and measured where HdrHistogram is there: on the class path, or, with
/// `--add-modules HdrHistogram`, on the module path. One in 1024 is timed, and of leases, where a thread does nothing else, one
/// in 8192; the choice is random. A lease that finds no frame is not in them, one that waits for it is.
///
/// @param name the pool's
/// @param frameSize bytes of data that a new frame holds; of several pools, the largest
/// @param frames all frames, and so the most that can be out at a time: each has its memory from the start
/// @param dataBytes bytes of data that all new frames together hold
/// @param totalBytes bytes of memory that the slab takes: control words, headroom and padding included
/// @param audit where every frame is
/// @param hits frames that were asked for and got
/// @param misses frames that were asked for when none was free
/// @param overflows of the misses, those answered with memory from outside the pool ([Overflow#ALLOCATE])
/// @param waits leases that found no frame free and waited for one
/// @param leaks leases, and batches with frames, that were collected unreleased
/// @param trimmed frames that magazines gave back because they rested, were too many, or had lost their thread
/// @param magazines platform threads that have a magazine now
/// @param leaseLatency of leases that got a frame
/// @param releaseLatency of releases
public record PoolStatistics(String name, int frameSize, long frames, long dataBytes, long totalBytes, PoolAudit audit,
        long hits, long misses, long overflows, long waits, long leaks, long trimmed, int magazines,
        LatencySummary leaseLatency, LatencySummary releaseLatency) {
    /// {@return frames that can be leased now: in the depot, and in magazines}
    public long available() {
        return audit.free() + audit.cached();
    }

    /// {@return hits among a hundred frames asked for; 100 before the first}
    public double hitRate() {
        return misses == 0 ? 100 : 100.0 * hits / (hits + misses);
    }

    /// {@return bytes of data that a frame holds, in the mean of all frames: of one pool, `frameSize`}
    public double averageFrameSize() {
        return (double) dataBytes / frames;
    }

    /// {@return the figures of several pools together} Of their latencies, the percentiles are upper bounds: the largest.
    ///
    /// @param name of all together
    /// @param parts at least one
    /// @throws IllegalArgumentException if there is none
    public static PoolStatistics sum(String name, Collection<PoolStatistics> parts) {
        Objects.requireNonNull(name, "name");
        PoolStatistics sum = parts.stream().reduce((a, b) -> a.plus(name, b)).orElseThrow(
                () -> new IllegalArgumentException("no statistics to sum: give those of one pool at least"));
        return sum.name.equals(name) ? sum : sum.named(name);
    }

    private PoolStatistics plus(String all, PoolStatistics b) {
        return new PoolStatistics(all, Math.max(frameSize, b.frameSize), frames + b.frames, dataBytes + b.dataBytes,
                totalBytes + b.totalBytes, audit.plus(b.audit), hits + b.hits, misses + b.misses,
                overflows + b.overflows, waits + b.waits, leaks + b.leaks, trimmed + b.trimmed,
                magazines + b.magazines, leaseLatency.plus(b.leaseLatency), releaseLatency.plus(b.releaseLatency));
    }

    private PoolStatistics named(String other) {
        return new PoolStatistics(other, frameSize, frames, dataBytes, totalBytes, audit, hits, misses, overflows,
                waits, leaks, trimmed, magazines, leaseLatency, releaseLatency);
    }
}
