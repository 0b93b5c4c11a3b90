// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/// The [FramePoolMXBean] of one pool, which it does not keep from being collected. Any thread.
///
/// Nothing else in the library refers to a class of JMX: a pool without a name loads none.
final class PoolBean extends WeakReference<FramePool> implements FramePoolMXBean, Keeper.Collected {
    private static final Pattern PLAIN = Pattern.compile("[^\\n,=:\"*?]+");

    private final String name;
    private ObjectName registered;

    private PoolBean(FramePool pool) {
        super(pool, Keeper.QUEUE);
        name = pool.name();
    }

    static PoolBean register(FramePool pool) {
        PoolBean bean = new PoolBean(pool);
        String name = PLAIN.matcher(bean.name).matches() ? bean.name : ObjectName.quote(bean.name);
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (int instance = 1;; instance++) {
            try {
                bean.registered = new ObjectName("org.frameferry:type=FramePool,name=" + name
                        + (instance == 1 ? "" : ",instance=" + instance));
                server.registerMBean(bean, bean.registered);
                return bean;
            } catch (InstanceAlreadyExistsException e) {
                continue; // another pool of that name
            } catch (JMException e) {
                throw new IllegalStateException("cannot register pool " + bean.name + " with the MBean server", e);
            }
        }
    }

    /// Once.
    void unregister() {
        clear();
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(registered);
        } catch (InstanceNotFoundException e) {
            return; // somebody else has
        } catch (JMException e) {
            throw new IllegalStateException("cannot unregister " + registered, e);
        }
    }

    @Override
    public void collected() {
        unregister();
    }

    private FramePool pool() {
        FramePool pool = get();
        if (pool == null) {
            throw new ClosedException("pool " + name + " is closed");
        }
        return pool;
    }

    private PoolTuning tuning() {
        return pool().tuning();
    }

    /// For ever, where [Duration#toMillis()] would throw.
    private static long millis(Duration duration) {
        return TimeUnit.MILLISECONDS.convert(duration);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public int getFrameSize() {
        return getStatistics().frameSize();
    }

    @Override
    public long getFrames() {
        return getStatistics().frames();
    }

    @Override
    public long getAvailable() {
        return getStatistics().available();
    }

    @Override
    public double getAverageFrameSize() {
        return getStatistics().averageFrameSize();
    }

    @Override
    public long getTotalBytes() {
        return getStatistics().totalBytes();
    }

    @Override
    public long getHits() {
        return getStatistics().hits();
    }

    @Override
    public long getMisses() {
        return getStatistics().misses();
    }

    @Override
    public double getHitRate() {
        return getStatistics().hitRate();
    }

    @Override
    public long getOverflows() {
        return getStatistics().overflows();
    }

    @Override
    public long getWaits() {
        return getStatistics().waits();
    }

    @Override
    public long getLeaks() {
        return getStatistics().leaks();
    }

    @Override
    public long getTrimmed() {
        return getStatistics().trimmed();
    }

    @Override
    public int getMagazines() {
        return getStatistics().magazines();
    }

    @Override
    public LatencySummary getLeaseLatency() {
        return getStatistics().leaseLatency();
    }

    @Override
    public LatencySummary getReleaseLatency() {
        return getStatistics().releaseLatency();
    }

    @Override
    public PoolStatistics getStatistics() {
        return pool().statistics();
    }

    @Override
    public PoolAudit audit() {
        return pool().audit();
    }

    @Override
    public List<BridgeSnapshot> getBridges() {
        return pool().meter().bridges().stream().map(Bridge::snapshot)
                .sorted(Comparator.comparingInt(BridgeSnapshot::number)).toList();
    }

    @Override
    public long getTimeToLiveMillis() {
        return millis(tuning().timeToLive());
    }

    @Override
    public void setTimeToLiveMillis(long millis) {
        tuning().timeToLive(Duration.ofMillis(millis));
    }

    @Override
    public long getPressedTimeToLiveMillis() {
        return millis(tuning().pressedTimeToLive());
    }

    @Override
    public void setPressedTimeToLiveMillis(long millis) {
        tuning().pressedTimeToLive(Duration.ofMillis(millis));
    }

    @Override
    public int getMagazineLimit() {
        return tuning().magazines();
    }

    @Override
    public void setMagazineLimit(int most) {
        tuning().magazines(most);
    }

    @Override
    public int getPressedMagazineLimit() {
        return tuning().pressedMagazines();
    }

    @Override
    public void setPressedMagazineLimit(int most) {
        tuning().pressedMagazines(most);
    }

    @Override
    public long getPressedLatencyMillis() {
        return millis(tuning().pressedLatency());
    }

    @Override
    public void setPressedLatencyMillis(long millis) {
        tuning().pressedLatency(Duration.ofMillis(millis));
    }

    @Override
    public long getLatencyLifeMillis() {
        return millis(tuning().latencyLife());
    }

    @Override
    public void setLatencyLifeMillis(long millis) {
        tuning().latencyLife(Duration.ofMillis(millis));
    }

    @Override
    public LeakTracking getLeakTracking() {
        return tuning().leakTracking();
    }

    @Override
    public void setLeakTracking(LeakTracking tracking) {
        tuning().leakTracking(tracking);
    }
}
