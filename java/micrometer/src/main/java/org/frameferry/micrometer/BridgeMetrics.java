// SPDX-License-Identifier: Apache-2.0
package org.frameferry.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.frameferry.Bridge;
import org.frameferry.BridgeStatistics;

/// Publishes the [BridgeStatistics] of one bridge, under names that begin with `frameferry.bridge` and a tag `bridge`. Any
/// thread.
///
/// Meters do not keep the bridge from being collected. Those of a closed bridge keep its last figures.
public final class BridgeMetrics implements MeterBinder {
    private final Bridge bridge;
    private final Tags tags;

    /// Binds a bridge, with no tags but `bridge`.
    ///
    /// @param bridge what to publish
    /// @param name the value of its tag
    public BridgeMetrics(Bridge bridge, String name) {
        this(bridge, name, List.of());
    }

    /// Binds a bridge with further tags.
    ///
    /// @param bridge what to publish
    /// @param name the value of its tag
    /// @param tags beside `bridge`
    public BridgeMetrics(Bridge bridge, String name, Iterable<Tag> tags) {
        this.bridge = Objects.requireNonNull(bridge, "bridge");
        this.tags = Tags.of(tags).and("bridge", name);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bind(registry, "rx", BridgeStatistics::rxFrames, BridgeStatistics::rxBytes,
                BridgeStatistics::rxQueued, BridgeStatistics::receiveCalls);
        bind(registry, "tx", BridgeStatistics::txFrames, BridgeStatistics::txBytes,
                BridgeStatistics::txQueued, BridgeStatistics::sendCalls);
        bindDrops(registry, "rx", "no frame", BridgeStatistics::rxDroppedNoFrame);
        bindDrops(registry, "rx", "ring full", BridgeStatistics::rxDroppedRingFull);
        bindDrops(registry, "rx", "oversize", BridgeStatistics::rxDroppedOversize);
        bindDrops(registry, "rx", "device", BridgeStatistics::rxDroppedDevice);
        bindDrops(registry, "tx", "refused", BridgeStatistics::txDropped);
        counter(registry, "errors", "errors", "Reads that failed for a passing reason", BridgeStatistics::rxErrors,
                "direction", "rx");
        counter(registry, "rounds", "rounds", "Rounds of the poller", BridgeStatistics::rounds);
        counter(registry, "rounds.full", "rounds", "... that used the whole budget", BridgeStatistics::fullRounds);
        counter(registry, "rounds.empty", "rounds", "... that moved nothing", BridgeStatistics::emptyRounds);
        counter(registry, "sleeps", "sleeps", "Times that the poller went to sleep", BridgeStatistics::slept);
        counter(registry, "interrupts", "interrupts", "Sleeps that an event of the device ended",
                BridgeStatistics::interrupts);
        time(registry, "armed", BridgeStatistics::armedTime);
        time(registry, "rested", BridgeStatistics::restedTime);
        time(registry, "polling", BridgeStatistics::pollingTime);
    }

    private void bind(MeterRegistry registry, String direction, ToLongFunction<BridgeStatistics> frames,
            ToLongFunction<BridgeStatistics> bytes, ToLongFunction<BridgeStatistics> queued,
            ToLongFunction<BridgeStatistics> calls) {
        counter(registry, "frames", "frames", "Frames that crossed", frames, "direction", direction);
        counter(registry, "data", "bytes", "Data in them", bytes, "direction", direction);
        counter(registry, "calls", "calls", "Foreign calls of that end", calls, "direction", direction);
        Gauge.builder("frameferry.bridge.queued", bridge, b -> queued.applyAsLong(b.statistics())).baseUnit("frames")
                .description("Frames in the ring").tags(tags.and("direction", direction)).register(registry);
    }

    private void bindDrops(MeterRegistry registry, String direction, String cause,
            ToLongFunction<BridgeStatistics> count) {
        counter(registry, "dropped", "frames", "Frames that were dropped, by cause", count, "direction", direction,
                "cause", cause);
    }

    private void time(MeterRegistry registry, String state, Function<BridgeStatistics, Duration> value) {
        FunctionCounter.builder("frameferry.bridge.time", bridge, b -> value.apply(b.statistics()).toNanos() / 1e9)
                .baseUnit("seconds").description("Time that the poller spent, by state").tags(tags.and("state", state))
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String unit, String what,
            ToLongFunction<BridgeStatistics> value, String... more) {
        FunctionCounter.builder("frameferry.bridge." + name, bridge, b -> value.applyAsLong(b.statistics()))
                .baseUnit(unit).description(what).tags(tags.and(more)).register(registry);
    }
}
