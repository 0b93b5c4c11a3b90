// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.util.List;

/// A named pool as management tools see it: its [PoolStatistics] one by one and as a whole, its bridges, and the thresholds
/// of its [PoolTuning], durations in whole milliseconds. Any thread.
///
/// Registered with the platform's MBean server as `org.frameferry:type=FramePool,name=...`, quoted where the name asks for
/// it, until the pool is closed or collected. Further pools of the same name get `instance=2` and so on behind it:
/// `org.frameferry:type=FramePool,name=...,*` finds them all.
public interface FramePoolMXBean {
    /// {@return [PoolStatistics#name()]}
    String getName();

    /// {@return [PoolStatistics#frameSize()]}
    int getFrameSize();

    /// {@return [PoolStatistics#frames()]}
    long getFrames();

    /// {@return [PoolStatistics#available()]}
    long getAvailable();

    /// {@return [PoolStatistics#averageFrameSize()]}
    double getAverageFrameSize();

    /// {@return [PoolStatistics#totalBytes()]}
    long getTotalBytes();

    /// {@return [PoolStatistics#hits()]}
    long getHits();

    /// {@return [PoolStatistics#misses()]}
    long getMisses();

    /// {@return [PoolStatistics#hitRate()]}
    double getHitRate();

    /// {@return [PoolStatistics#overflows()]}
    long getOverflows();

    /// {@return [PoolStatistics#waits()]}
    long getWaits();

    /// {@return [PoolStatistics#leaks()]}
    long getLeaks();

    /// {@return [PoolStatistics#trimmed()]}
    long getTrimmed();

    /// {@return [PoolStatistics#magazines()]}
    int getMagazines();

    /// {@return [PoolStatistics#leaseLatency()]}
    LatencySummary getLeaseLatency();

    /// {@return [PoolStatistics#releaseLatency()]}
    LatencySummary getReleaseLatency();

    /// {@return all of them, read together}
    PoolStatistics getStatistics();

    /// {@return where every frame is}
    PoolAudit audit();

    /// {@return the bridges of the pool, by their numbers; a closed one stays until its number is free}
    List<BridgeSnapshot> getBridges();

    /// {@return [PoolTuning#timeToLive()]}
    long getTimeToLiveMillis();

    /// Sets [PoolTuning#timeToLive()].
    ///
    /// @param millis 1 or more
    void setTimeToLiveMillis(long millis);

    /// {@return [PoolTuning#pressedTimeToLive()]}
    long getPressedTimeToLiveMillis();

    /// Sets [PoolTuning#pressedTimeToLive()].
    ///
    /// @param millis 1 or more
    void setPressedTimeToLiveMillis(long millis);

    /// {@return [PoolTuning#magazines()]}
    int getMagazineLimit();

    /// Sets [PoolTuning#magazines()].
    ///
    /// @param most 0 to 1024
    void setMagazineLimit(int most);

    /// {@return [PoolTuning#pressedMagazines()]}
    int getPressedMagazineLimit();

    /// Sets [PoolTuning#pressedMagazines()].
    ///
    /// @param most 0 to 1024
    void setPressedMagazineLimit(int most);

    /// {@return [PoolTuning#pressedLatency()]}
    long getPressedLatencyMillis();

    /// Sets [PoolTuning#pressedLatency()].
    ///
    /// @param millis 1 or more
    void setPressedLatencyMillis(long millis);

    /// {@return [PoolTuning#latencyLife()]}
    long getLatencyLifeMillis();

    /// Sets [PoolTuning#latencyLife()].
    ///
    /// @param millis 1 or more
    void setLatencyLifeMillis(long millis);

    /// {@return [PoolTuning#leakTracking()]}
    LeakTracking getLeakTracking();

    /// Sets [PoolTuning#leakTracking()].
    ///
    /// @param tracking not null
    void setLeakTracking(LeakTracking tracking);
}
