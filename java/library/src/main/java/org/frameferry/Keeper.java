// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The one housekeeping thread of the library: it recovers leaked frames as the collector finds them, and lets each pool
/// trim its magazines from time to time. A daemon, started with the first pool that needs it, so that no lease ever does any of
/// this on its way.
final class Keeper extends Thread {
    /// Where the collector puts what was tracked and is unreachable: each is a [Collected].
    static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<>();

    /// The longest rest between two looks at the pools.
    private static final long TICK = TimeUnit.SECONDS.toNanos(10);

    private static final Keeper INSTANCE = new Keeper();

    static {
        INSTANCE.start();
    }

    /// A reference in the queue.
    interface Collected {
        /// The keeper, when what it refers to has been collected.
        void collected();
    }

    /// Goes through the queue to make the keeper look at the pools. An interrupt would do as well, but for what it breaks when
    /// it comes while the keeper loads a class or runs a user's listener.
    private static final class Nudge extends WeakReference<Object> implements Collected {
        Nudge() {
            super(INSTANCE, QUEUE);
        }

        @Override
        public void collected() {
            INSTANCE.next = System.nanoTime();
        }
    }

    private final ConcurrentLinkedQueue<WeakReference<FramePool>> pools = new ConcurrentLinkedQueue<>();

    private long next = System.nanoTime(); // the keeper's own

    private Keeper() {
        super("frameferry-keeper");
        setDaemon(true);
    }

    /// Looks after a pool until it is closed or collected.
    static void keep(FramePool pool) {
        INSTANCE.pools.add(new WeakReference<>(pool));
        hurry();
    }

    /// Every pool that is looked after.
    static void forEach(Consumer<FramePool> action) {
        for (WeakReference<FramePool> reference : INSTANCE.pools) {
            FramePool pool = reference.get();
            if (pool != null) {
                action.accept(pool);
            }
        }
    }

    /// Looks at the pools now: a threshold has changed.
    static void hurry() {
        new Nudge().enqueue();
    }

    @Override
    public void run() {
        while (true) {
            try {
                round();
            } catch (InterruptedException e) {
                next = System.nanoTime(); // nobody's business: a look too many
            } catch (Throwable e) {
                tell(e);
            }
        }
    }

    private void round() throws InterruptedException {
        if (QUEUE.remove(Math.max(1, TimeUnit.NANOSECONDS.toMillis(next - System.nanoTime()))) instanceof Collected c) {
            c.collected();
        }
        if (System.nanoTime() - next >= 0) {
            next = System.nanoTime() + TICK; // also if it fails: not again at once
            next = System.nanoTime() + tick();
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
                rest = Math.min(rest, trim(pool));
            }
        }
        Events.watch();
        return rest;
    }

    private static long trim(FramePool pool) {
        try {
            return pool.trim();
        } catch (Throwable e) {
            tell(e);
            return TICK;
        }
    }

    /// Whatever went wrong, memory at its end for one, ends only that: without this thread no pool would be looked after.
    private static void tell(Throwable e) {
        try {
            INSTANCE.getUncaughtExceptionHandler().uncaughtException(INSTANCE, e);
        } catch (Throwable worse) {
            // The virtual machine, too, ignores what a handler throws.
        }
    }
}
