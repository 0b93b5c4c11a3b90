// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What one pool counts beside its [Magazines], the bridges that take frames out of it, and the figures made of it all. Any
/// thread.
final class Meter {
    /// One lease and one release in so many is timed.
    private static final long TIMING = 1024;

    private final FramePool pool;
    private final LongAdder misses = new LongAdder();
    private final LongAdder overflows = new LongAdder();
    private final LongAdder waits = new LongAdder();
    private final Set<Bridge> bridges = ConcurrentHashMap.newKeySet();
    private long goneHits; // of bridges that have left; under the monitor
    private long goneMisses;
    private volatile boolean prepared;
    private volatile Latency leases; // null: not measured
    private volatile Latency returns;
    private volatile PoolStatistics last;

    Meter(FramePool pool) {
        this.pool = pool;
    }

    // ---- what happens ----

    /// Frames were asked for, and none was free.
    ///
    /// @param outside whether one will be allocated
    void missed(int frames, boolean outside) {
        misses.add(frames);
        if (Events.areOn()) {
            Events.miss(pool.name(), frames, outside);
        }
    }

    /// A frame was allocated outside the pool.
    void overflowed() {
        overflows.increment();
    }

    /// As [Magazines#takePatiently(long)].
    long await(long patience) {
        waits.increment();
        return Events.areOn() ? Events.exhaustionWait(pool, patience) : pool.magazines().takePatiently(patience);
    }

    void leased(long nanos) {
        leases.record(nanos);
    }

    void returned(long nanos) {
        returns.record(nanos);
    }

    void trimmed(int frames, boolean pressed) {
        if (frames != 0 && Events.areOn()) {
            Events.trim(pool.name(), frames, pressed);
        }
    }

    /// The keeper: loads what times leases and returns, so that no lease has to. Returns whether anything has changed.
    boolean prepare() {
        if (prepared) {
            return false;
        }
        try {
            leases = new Latency();
            returns = new Latency();
        } catch (NoClassDefFoundError e) {
            returns = null; // without HdrHistogram there are no figures of latency
        }
        prepared = true;
        return returns != null;
    }

    boolean isPrepared() {
        return prepared;
    }

    /// One lease, and one return, in so many is to be timed; 0: none.
    long timing() {
        return returns != null ? TIMING : 0;
    }

    // ---- bridges ----

    Set<Bridge> bridges() {
        return bridges;
    }

    /// Its number may be another bridge's soon: what it took is kept here.
    synchronized void remove(Bridge bridge) {
        if (bridges.remove(bridge)) {
            BridgeStatistics s = bridge.statistics();
            goneHits += bridge.taken(s);
            goneMisses += s.rxDroppedNoFrame();
            bridge.drops().tell();
        }
    }

    // ---- figures ----

    private synchronized long hits() {
        long sum = goneHits + pool.magazines().hits();
        for (Bridge bridge : bridges) {
            sum += bridge.taken(bridge.statistics());
        }
        return sum;
    }

    private synchronized long misses() {
        long sum = goneMisses + misses.sum();
        for (Bridge bridge : bridges) {
            sum += bridge.statistics().rxDroppedNoFrame();
        }
        return sum;
    }

    private static LatencySummary summary(Latency latency) {
        return latency != null ? latency.summary() : LatencySummary.NONE;
    }

    /// As of now, or as of when the pool was closed.
    PoolStatistics statistics() {
        try {
            return read(pool.audit());
        } catch (ClosedException e) {
            return last;
        }
    }

    /// The pool is about to be closed.
    void close() {
        last = read(pool.audit());
    }

    private PoolStatistics read(PoolAudit audit) {
        return new PoolStatistics(pool.name(), pool.frameSize(), audit.frames(), audit.frames() * pool.frameSize(),
                pool.bytes(), audit, hits(), misses(), overflows.sum(), waits.sum(), pool.leaks().found(),
                pool.magazines().trimmed(), pool.magazines().owned(), summary(leases), summary(returns));
    }
}
