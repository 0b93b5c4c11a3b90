// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.ref.PhantomReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The tracked leases and batches of one pool. When one is collected unreleased, the [Keeper] gets to know, gives its frames
/// back, and tells the listener. Any thread.
final class Leaks {
    /// Tracking costs about a microsecond. At one a millisecond it stays below a thousandth of the time, however fast leases are.
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private final FramePool pool;
    private final Consumer<FrameLeak> listener;
    private final Set<Tracked> live = ConcurrentHashMap.newKeySet();
    private final AtomicLong found = new AtomicLong();
    private volatile long paused = System.nanoTime() - PAUSE;

    Leaks(FramePool pool, Consumer<FrameLeak> listener) {
        this.pool = pool;
        this.listener = listener;
    }

    /// Says where something was leased, or made.
    private static final class Place extends Throwable {
        private static final long serialVersionUID = 1L;

        Place(String what) {
            super(what + " in " + Thread.currentThread());
        }
    }

    /// Something that holds frames, and must have let them go when it is collected.
    abstract static class Tracked extends PhantomReference<Object> implements Keeper.Collected {
        private final Leaks leaks;
        private final Throwable place;

        private Tracked(Object holder, Leaks leaks, Throwable place) {
            super(holder, Keeper.QUEUE);
            this.leaks = leaks;
            this.place = place;
            leaks.live.add(this);
        }

        /// It has let them go.
        void untrack() {
            leaks.live.remove(this);
            clear();
        }

        @Override
        public void collected() {
            if (leaks.live.remove(this) && !leaks.pool.isClosed()) {
                int frames = recover(leaks.pool);
                if (frames != 0) {
                    leaks.report(new FrameLeak(leaks.pool.name(), frames, place));
                }
            }
        }

        /// Gives back what is still held. Returns how many frames were.
        abstract int recover(FramePool pool);

        /// How many frames are held now.
        abstract int held();
    }

    private static final class TrackedLease extends Tracked {
        private final Generations generations;
        private final int index;

        TrackedLease(Special lease, Leaks leaks) {
            super(lease, leaks, new Place("leased"));
            generations = lease.generations;
            index = Descriptor.index(lease.descriptor);
        }

        @Override
        int recover(FramePool pool) {
            if (generations.drop(index)) {
                pool.takeBack(index);
            }
            return 1;
        }

        @Override
        int held() {
            return 1;
        }
    }

    private static final class TrackedBatch extends Tracked {
        private final DescriptorArray descriptors;

        TrackedBatch(FrameBatch batch, Leaks leaks, DescriptorArray descriptors) {
            super(batch, leaks, new Place("batch made"));
            this.descriptors = descriptors;
        }

        @Override
        int recover(FramePool pool) {
            int frames = held();
            pool.takeBack(descriptors);
            return frames;
        }

        @Override
        int held() {
            return descriptors.size();
        }
    }

    /// Whether a sampled lease should be tracked now.
    boolean isDue() {
        LeakTracking tracking = pool.tuning().leakTracking();
        if (tracking != LeakTracking.SAMPLED) {
            return tracking == LeakTracking.EVERY;
        }
        long now = System.nanoTime();
        if (now - paused < PAUSE) {
            return false;
        }
        paused = now;
        return true;
    }

    Tracked track(Special lease) {
        return new TrackedLease(lease, this);
    }

    void track(FrameBatch batch, DescriptorArray descriptors) {
        new TrackedBatch(batch, this, descriptors);
    }

    private void report(FrameLeak leak) {
        found.incrementAndGet();
        Events.leak(leak);
        if (listener != null) {
            listener.accept(leak); // what it throws, the keeper tells
        } else {
            log(leak);
        }
    }

    /// Where the leases that are tracked and held now were made.
    List<Throwable> places() {
        List<Throwable> places = new ArrayList<>();
        for (Tracked tracked : live) {
            if (tracked.held() != 0) {
                places.add(tracked.place);
            }
        }
        return places;
    }

    /// Leases that were collected unreleased.
    long found() {
        return found.get();
    }

    private static void log(FrameLeak leak) {
        System.getLogger("org.frameferry").log(System.Logger.Level.WARNING, "pool " + leak.pool() + ": " + leak.frames()
                + " frame(s) collected unreleased, and recovered. Release every lease, best by try-with-resources.",
                leak.place());
    }
}
