// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// The one housekeeping thread of the library: it recovers leaked frames as the collector finds them, and lets each pool
/// trim its magazines from time to time. A daemon, started with the first pool that needs it, so that no lease ever does any of
/// this on its way.
final class Keeper extends Thread {
    /// Where the collector puts what was tracked and is unreachable.
    static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<>();

    /// The longest rest between two looks at the pools.
    private static final long TICK = TimeUnit.SECONDS.toNanos(10);

    private static final Keeper INSTANCE = new Keeper();

    static {
        INSTANCE.start();
    }

    private final ConcurrentLinkedQueue<WeakReference<FramePool>> pools = new ConcurrentLinkedQueue<>();

    private Keeper() {
        super("frameferry-keeper");
        setDaemon(true);
    }

    /// Looks after a pool until it is closed or collected.
    static void keep(FramePool pool) {
        INSTANCE.pools.add(new WeakReference<>(pool));
    }

    /// Looks at the pools now: a threshold has changed.
    static void hurry() {
        INSTANCE.interrupt();
    }

    @Override
    public void run() {
        long next = System.nanoTime();
        while (true) {
            Reference<?> collected = null;
            try {
                collected = QUEUE.remove(Math.max(1, TimeUnit.NANOSECONDS.toMillis(next - System.nanoTime())));
            } catch (InterruptedException e) {
                next = System.nanoTime();
            }
            if (collected instanceof Leaks.Tracked tracked) {
                tracked.collected();
            }
            if (System.nanoTime() - next >= 0) {
                next = System.nanoTime() + tick();
            }
        }
    }

    /// Returns how many nanoseconds to rest.
    private long tick() {
        long rest = TICK;
        for (WeakReference<FramePool> reference : pools) {
            FramePool pool = reference.get();
            if (pool == null || pool.isClosed()) {
                pools.remove(reference);
            } else {
                rest = Math.min(rest, pool.trim(System.nanoTime()));
            }
        }
        return rest;
    }
}
