// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.time.Duration;
import java.util.Objects;

/// The thresholds of a [FramePool], which take effect as soon as they are set. Any thread.
///
/// A magazine, in which a thread has free frames at hand, gives them back when it has rested for its time to live. While
/// the latency that [FramePool#recordLatency(Duration)] was last told lies above [#pressedLatency(Duration)], the limits for a
/// pressed pool hold instead.
public final class PoolTuning {
    private final FramePool pool;
    private volatile Duration timeToLive = Duration.ofSeconds(60);
    private volatile Duration pressedTimeToLive = Duration.ofSeconds(15);
    private volatile int magazines = 500;
    private volatile int pressedMagazines = 125;
    private volatile Duration pressedLatency = Duration.ofMillis(10);
    private volatile Duration latencyLife = Duration.ofSeconds(5);
    private volatile LeakTracking leakTracking;

    PoolTuning(LeakTracking leakTracking, FramePool pool) {
        this.leakTracking = leakTracking;
        this.pool = pool;
    }

    /// {@return how long a magazine may rest; default 60 s}
    public Duration timeToLive() {
        return timeToLive;
    }

    /// Sets how long a magazine may rest before it gives its frames back.
    ///
    /// @param life more than zero
    /// @return this
    public PoolTuning timeToLive(Duration life) {
        timeToLive = positive("timeToLive", life);
        return done();
    }

    /// {@return how long a magazine of a pressed pool may rest; default 15 s}
    public Duration pressedTimeToLive() {
        return pressedTimeToLive;
    }

    /// Sets how long a magazine of a pressed pool may rest.
    ///
    /// @param life more than zero
    /// @return this
    public PoolTuning pressedTimeToLive(Duration life) {
        pressedTimeToLive = positive("pressedTimeToLive", life);
        return done();
    }

    /// {@return how many platform threads may have a magazine; default 500}
    public int magazines() {
        return magazines;
    }

    /// Sets how many platform threads may have a magazine. Further threads share some; those above the limit lose theirs,
    /// the longest unused first.
    ///
    /// @param most 0 to 1024
    /// @return this
    public PoolTuning magazines(int most) {
        magazines = FramePoolBuilder.check("magazines", most, 0, Magazines.PLACES);
        return done();
    }

    /// {@return how many threads may have a magazine while the pool is pressed; default 125}
    public int pressedMagazines() {
        return pressedMagazines;
    }

    /// Sets how many platform threads may have a magazine while the pool is pressed.
    ///
    /// @param most 0 to 1024
    /// @return this
    public PoolTuning pressedMagazines(int most) {
        pressedMagazines = FramePoolBuilder.check("pressedMagazines", most, 0, Magazines.PLACES);
        return done();
    }

    /// {@return the latency above which the pool is pressed; default 10 ms}
    public Duration pressedLatency() {
        return pressedLatency;
    }

    /// Sets the latency above which the pool is pressed.
    ///
    /// @param latency more than zero
    /// @return this
    public PoolTuning pressedLatency(Duration latency) {
        pressedLatency = positive("pressedLatency", latency);
        return done();
    }

    /// {@return how long a recorded latency counts; default 5 s}
    public Duration latencyLife() {
        return latencyLife;
    }

    /// Sets how long a recorded latency counts.
    ///
    /// @param life more than zero
    /// @return this
    public PoolTuning latencyLife(Duration life) {
        latencyLife = positive("latencyLife", life);
        return done();
    }

    /// {@return which leases are tracked}
    public LeakTracking leakTracking() {
        return leakTracking;
    }

    /// Sets which leases are tracked, from the next ones on.
    ///
    /// @param tracking not null
    /// @return this
    public PoolTuning leakTracking(LeakTracking tracking) {
        leakTracking = Objects.requireNonNull(tracking, "tracking");
        return done();
    }

    private PoolTuning done() {
        pool.retune();
        Keeper.hurry();
        return this;
    }

    private static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " " + value + " is not more than PT0S");
        }
        return value;
    }
}
