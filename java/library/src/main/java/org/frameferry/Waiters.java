// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Threads that wait for a frame of one pool to come back. Any thread; virtual ones too.
///
/// Who returns a frame stores it, then looks for waiters. A waiter says that it waits, then looks for frames, and only then
/// sleeps. Both sides need a fence between the two; the waiter's, by [NativeGate#barrier()], is for both. Without it both
/// looks can miss, and the waiter sleeps beside a free frame.
final class Waiters {
    /// With a bridge open, a frame that native code gives back wakes nobody: a waiter looks by itself.
    static final long OFTEN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /// Without one, too: a frame that was being moved from one magazine to another may have been overlooked.
    static final long SELDOM_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition returned = lock.newCondition();
    private volatile int waiting;
    private volatile long look = SELDOM_NANOS;
    private boolean looking; // under the lock: one waiter looks by itself, for all of them

    /// Whether there are any: after a frame was returned.
    boolean any() {
        return waiting != 0;
    }

    /// Wakes one: it takes the frame out of wherever it lies.
    void wakeOne() {
        lock.lock();
        returned.signal();
        lock.unlock();
    }

    /// Everybody who waits looks again: the pool is being closed, or [#lookAfter(long)] has changed.
    void wakeAll() {
        lock.lock();
        returned.signalAll();
        lock.unlock();
    }

    /// @param nanos after which a waiter looks by itself, although nobody has told it of a frame. Who sleeps already gets to
    ///        know by [#wakeAll()]
    void lookAfter(long nanos) {
        look = nanos;
    }

    /// Tries until `attempt` brings something other than 0, or so many nanoseconds have passed, or an interrupt comes, which
    /// stays set. Returns what the last attempt brought.
    long await(LongSupplier attempt, long nanos) {
        long deadline = System.nanoTime() + nanos;
        boolean looks = false;
        lock.lock();
        try {
            waiting++;
            NativeGate.barrier();
            long left = nanos;
            long result;
            while ((result = attempt.getAsLong()) == 0 && left > 0) {
                if (!looking) {
                    looking = true;
                    looks = true;
                }
                returned.awaitNanos(!looks ? left : Math.min(left, look));
                left = deadline - System.nanoTime();
            }
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return attempt.getAsLong();
        } finally {
            if (looks) {
                looking = false;
            }
            waiting--;
            returned.signal(); // the next one: more frames may have come with ours, and somebody must look in our place
            lock.unlock();
        }
    }
}
