// SPDX-License-Identifier: Apache-2.0
package org.frameferry.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.frameferry.FramePool;
import org.frameferry.LatencySummary;
import org.frameferry.PoolAudit;
import org.frameferry.PoolStatistics;

/// Publishes the [PoolStatistics] of one pool, under names that begin with `frameferry.pool` and a tag `pool`. Any thread.
///
/// Meters do not keep the pool from being collected. Those of a closed pool keep its last figures.
public final class FramePoolMetrics implements MeterBinder {
    private final FramePool pool;
    private final Tags tags;

    /// Binds a pool, with no tags but its name.
    ///
    /// @param pool what to publish
    public FramePoolMetrics(FramePool pool) {
        this(pool, List.of());
    }

    /// Binds a pool with further tags, which two pools of the same name need to be told apart.
    ///
    /// @param pool what to publish
    /// @param tags beside `pool`
    public FramePoolMetrics(FramePool pool, Iterable<Tag> tags) {
        this.pool = Objects.requireNonNull(pool, "pool");
        this.tags = Tags.of(tags).and("pool", pool.name());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindFrames(registry);
        gauge(registry, "memory", "bytes", "Memory of the slab, control words included", PoolStatistics::totalBytes);
        gauge(registry, "frame.size", "bytes", "Data that a new frame holds", PoolStatistics::averageFrameSize);
        gauge(registry, "magazines", "magazines", "Platform threads that have a magazine", PoolStatistics::magazines);
        String requests = "Frames that were asked for: hits were there, misses were not";
        counter(registry, "requests", "frames", requests, PoolStatistics::hits, "result", "hit");
        counter(registry, "requests", "frames", requests, PoolStatistics::misses, "result", "miss");
        counter(registry, "overflows", "frames", "Misses answered with memory from outside the pool",
                PoolStatistics::overflows);
        counter(registry, "waits", "leases", "Leases that waited for a frame", PoolStatistics::waits);
        counter(registry, "leaks", "leases", "Leases that were collected unreleased", PoolStatistics::leaks);
        counter(registry, "trimmed", "frames", "Frames that magazines gave back", PoolStatistics::trimmed);
        bindLatency(registry, "lease.latency", "Time that a lease takes, of those that were timed",
                PoolStatistics::leaseLatency);
        bindLatency(registry, "release.latency", "Time that a release takes, of those that were timed",
                PoolStatistics::releaseLatency);
    }

    private void bindFrames(MeterRegistry registry) {
        gauge(registry, "frames.max", "frames", "All frames of the pool", PoolStatistics::frames);
        bindFrames(registry, "free", PoolAudit::free);
        bindFrames(registry, "cached", PoolAudit::cached);
        bindFrames(registry, "leased", PoolAudit::leased);
        bindFrames(registry, "queued", PoolAudit::queued);
        bindFrames(registry, "device", PoolAudit::device);
    }

    private void bindFrames(MeterRegistry registry, String owner, ToLongFunction<PoolAudit> count) {
        gauge(registry, "frames", "frames", "Frames by where they are; all of them are frames.max",
                s -> count.applyAsLong(s.audit()), "owner", owner);
    }

    private void bindLatency(MeterRegistry registry, String name, String what,
            Function<PoolStatistics, LatencySummary> latency) {
        bindLatency(registry, name, what, "0.5", s -> latency.apply(s).p50());
        bindLatency(registry, name, what, "0.99", s -> latency.apply(s).p99());
        bindLatency(registry, name, what, "0.999", s -> latency.apply(s).p999());
        bindLatency(registry, name, what, "1", s -> latency.apply(s).max());
    }

    private void bindLatency(MeterRegistry registry, String name, String what, String quantile,
            ToDoubleFunction<PoolStatistics> value) {
        TimeGauge.builder("frameferry.pool." + name, pool, TimeUnit.NANOSECONDS,
                p -> value.applyAsDouble(p.statistics())).description(what).tags(tags.and("quantile", quantile))
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String unit, String what,
            ToDoubleFunction<PoolStatistics> value, String... more) {
        Gauge.builder("frameferry.pool." + name, pool, p -> value.applyAsDouble(p.statistics())).baseUnit(unit)
                .description(what).tags(tags.and(more)).register(registry);
    }

    private void counter(MeterRegistry registry, String name, String unit, String what,
            ToDoubleFunction<PoolStatistics> value, String... more) {
        FunctionCounter.builder("frameferry.pool." + name, pool, p -> value.applyAsDouble(p.statistics()))
                .baseUnit(unit).description(what).tags(tags.and(more)).register(registry);
    }
}
