// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import org.frameferry.bindings.FerryBindings;

/// Free frames at hand, so that a lease need not cross (Bonwick and Adams, 2001): a stack of descriptors, last in first
/// out. One thread at a time is inside, between `enter` or `claim` and its end.
///
/// A magazine with an owner is entered by that platform thread with plain stores, millions of times a second; others
/// take what it holds now and then. So the fence is theirs alone (an asymmetric one, Dekker's protocol otherwise):
///
/// ```
///  owner                          claimer
///  inside = 1                     claimed = 1          compare and set
///  (order kept by the compiler)   NativeGate.barrier() every other thread's stores and loads before it are done
///  claimed?  0: go on             inside?  0: it is ours
/// ```
///
/// If the owner's two steps lie before the barrier, the claimer sees `inside`; if the look lies after it, the owner sees
/// `claimed`. Without the barrier the processor may let the owner look before its store is seen, and both are inside:
/// one frame would be leased twice. A stripe, which has no owner, is always entered by claiming it.
final class Magazine {
    /// Added to a descriptor: the lease is a sample.
    static final long SAMPLE = Long.MIN_VALUE;

    /// Frames that move between a magazine and the depot at a time, at most.
    static final int ROUND = 64;

    private static final long SPARSEST = 1 << 13;

    private static final VarHandle INSIDE;
    private static final VarHandle CLAIMED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            INSIDE = lookup.findVarHandle(Magazine.class, "inside", int.class);
            CLAIMED = lookup.findVarHandle(Magazine.class, "claimed", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// Null: a stripe.
    final Thread owner;

    private final MemorySegment pool;
    private final long fresh;
    private final MemorySegment frames = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, 2 * ROUND + 1);
    private int inside; // the owner's
    private int claimed;

    // Written inside; `count`, `hits` and `returns` are read by anybody, as estimates.
    private int count;
    private long hits;
    private long returns;
    private int crossings;

    // Thresholds, copied here by whoever changes them, so that the hot path reads its own line. Late is as good.
    private int round;
    private long sampling;
    private long timing;

    // Written by both.
    private long spread; // one lease in so many is a sample; 0: none
    private long sample = Long.MAX_VALUE; // the number of the next lease that is a sample
    private long timedLease = Long.MAX_VALUE; // the sample from which on one is timed
    private long timedReturn = Long.MAX_VALUE;
    private long random;

    // The keeper's: when it last found the magazine changed.
    private long seenOperations = -1;
    private long seenAt;

    /// @param pool the native handle
    /// @param fresh the descriptor of a new frame but for its index
    /// @param owner null for a stripe
    Magazine(MemorySegment pool, long fresh, Thread owner) {
        this.pool = pool;
        this.fresh = fresh;
        this.owner = owner;
        random = System.nanoTime();
    }

    /// Any thread, any time: what is late takes effect a little later.
    ///
    /// @param round frames to exchange at a time, 0 to [#ROUND]; 0: the magazine keeps none
    /// @param sampling one lease in so many is to be looked at for leaks; 0: none
    /// @param timing one lease, and one return, in so many is timed; 0: none
    void tune(int round, long sampling, long timing) {
        this.round = round;
        if (sampling != this.sampling || timing != this.timing) {
            this.sampling = sampling;
            this.timing = timing;
            spread = sampling != 0 ? sampling : timing;
            sample = after(hits, spread);
            timedLease = after(hits, timing);
            timedReturn = after(returns, timing);
        }
    }

    /// The number of the next sample. The distances differ, and one in `gap` is their mean: leases have rhythms, a refill every
    /// 64 for one, and what comes in step with an even distance would be every sample, or none.
    private long after(long number, long gap) {
        if (gap == 0) {
            return Long.MAX_VALUE;
        }
        random = random * 0x5851F42D4C957F2DL + 1; // Knuth's; the upper bits are the random ones
        return number + 1 + (random >>> 33) % (2 * gap - 1);
    }

    /// The owner, or inside: a sample has been of use, or too many come. Then samples are taken more sparsely, so that a loop of
    /// leases does not pay for samples that nobody wants.
    void sampled(boolean useful) {
        spread = useful ? sampling : Math.min(2 * spread, SPARSEST);
    }

    /// The owner. Whatever comes after it, [#leave()] follows, even if the stack overflows: a claimer would wait for ever.
    boolean enter() {
        boolean entered = false;
        INSIDE.setOpaque(this, 1);
        try {
            if (!NativeGate.ASYMMETRIC) {
                VarHandle.fullFence();
            }
            entered = (int) CLAIMED.getAcquire(this) == 0; // acquire: what the last claimer changed
        } finally {
            if (!entered) {
                leave();
            }
        }
        return entered;
    }

    /// The owner: what it changed is for the next claimer to see.
    void leave() {
        INSIDE.setRelease(this, 0);
        if (!NativeGate.ASYMMETRIC) {
            VarHandle.fullFence(); // before the owner looks for waiters, which rely on the barrier as well
        }
    }

    /// Others, and everybody in a stripe. A claim on a magazine with an owner holds once it is vacant after a barrier.
    boolean claim() {
        return (int) CLAIMED.getOpaque(this) == 0 && CLAIMED.compareAndSet(this, 0, 1);
    }

    void unclaim() {
        CLAIMED.setRelease(this, 0);
    }

    /// Whether the owner is not inside, after a barrier. One that has ended is not, even if an error of the virtual machine
    /// took it out of the middle.
    boolean isVacant() {
        return (int) INSIDE.getAcquire(this) == 0 || !owner.isAlive();
    }

    /// Whether the owner has left without a trace: it waits, and nobody waits inside. Its stack may overflow in [#leave()] itself,
    /// if the compiler has just given way to the interpreter, which needs more stack.
    boolean isForsaken() {
        Thread.State state = owner.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    /// Inside. A descriptor; 0 when there is none at hand, or this lease is a sample, which goes the slow way.
    long pop() {
        int top = count - 1;
        long hit = hits + 1;
        if (top < 0 || hit >= sample) {
            return 0;
        }
        long descriptor = frames.getAtIndex(ValueLayout.JAVA_LONG, top);
        count = top;
        hits = hit;
        return descriptor;
    }

    /// Inside, not empty. A descriptor, with [#SAMPLE] if this lease is one.
    long popSample() {
        hits++;
        long descriptor = frames.getAtIndex(ValueLayout.JAVA_LONG, --count);
        if (hits < sample) {
            return descriptor;
        }
        sample = after(hits, spread);
        if (hits >= timedLease) {
            timedLease = after(hits, timing);
        }
        return descriptor | SAMPLE;
    }

    /// Inside. False when it is full, or this return is timed, which goes the slow way.
    boolean push(int index) {
        int top = count;
        long back = returns + 1;
        if (top >= 2 * round || back >= timedReturn) {
            return false;
        }
        frames.setAtIndex(ValueLayout.JAVA_LONG, top, index | fresh);
        count = top + 1;
        returns = back;
        return true;
    }

    /// Inside. As [#push(int)], after giving what is too many to the depot, the longest unused first.
    void pushSlowly(int index) {
        frames.setAtIndex(ValueLayout.JAVA_LONG, count++, index | fresh);
        countReturn();
        if (count > 2 * round) {
            give(count - round);
        }
    }

    /// Inside, or the owner, for a frame that does not come in.
    void countReturn() {
        if (++returns >= timedReturn) {
            timedReturn = after(returns, timing);
        }
    }

    /// Inside. Moves up to `n` frames to a batch. Returns how many.
    int pop(DescriptorArray batch, int n) {
        int some = Math.min(n, count);
        MemorySegment.copy(frames, (count - some) * (long) Long.BYTES, batch.memory, batch.size() * (long) Long.BYTES,
                some * (long) Long.BYTES);
        batch.size += some;
        batch.epoch++;
        count -= some;
        hits += some;
        return some;
    }

    /// Inside. Takes all frames of a batch, or, if there is no room for them, hands them to the depot.
    void push(DescriptorArray batch) {
        int top = count;
        int n = batch.size();
        returns += n;
        if (n > 2 * round - top) {
            NativeGate.wakePool(pool, NativeGate.give(pool, batch, ordinaryCallDue()));
            return;
        }
        for (int i = 0; i < n; i++) {
            frames.setAtIndex(ValueLayout.JAVA_LONG, top + i, Descriptor.index(batch.get(i)) | fresh);
        }
        batch.size = 0;
        batch.epoch += DescriptorArray.TURNOVER;
        count = top + n;
    }

    /// Inside, when it is empty. Takes frames out of the depot: a round, or up to `wanted` if that is more.
    ///
    /// @return how many there are now; negative: the pool is closed
    int refill(int wanted) {
        long result = NativeGate.take(pool, frames, Math.max(round, Math.min(wanted, 2 * ROUND)), ordinaryCallDue());
        if (result < 0) {
            return (int) result;
        }
        count = (int) result; // the low 32 bits are the count
        NativeGate.wakePool(pool, result);
        Reference.reachabilityFence(this); // and so the memory, until here
        return count;
    }

    /// Inside. Gives all frames to the depot. Returns how many.
    int flush() {
        int n = count;
        if (n != 0) {
            give(n);
        }
        return n;
    }

    /// The first `n`, which have lain longest.
    private void give(int n) {
        drop(0); // for nothing: if the stack ends in it, then here, before the frames are in two places
        long result = NativeGate.give(pool, frames, n, ordinaryCallDue()); // an error says that pool and frames are gone
        drop(n);
        NativeGate.wakePool(pool, result);
        Reference.reachabilityFence(this); // as above
    }

    private void drop(int n) {
        MemorySegment.copy(frames, (long) n * Long.BYTES, frames, 0, (count - n) * (long) Long.BYTES);
        count -= n;
    }

    private boolean ordinaryCallDue() {
        return (++crossings & 63) == 0;
    }

    /// Whether the next lease, or return, is one to time: for sure to the owner.
    boolean isLeaseTimed() {
        long hit = hits + 1;
        return hit >= sample && hit >= timedLease;
    }

    boolean isReturnTimed() {
        return returns + 1 >= timedReturn;
    }

    /// The keeper: nanoseconds since it first found the magazine as it is now.
    long rested(long now) {
        long operations = hits + returns;
        if (operations != seenOperations) {
            seenOperations = operations;
            seenAt = now;
        }
        return now - seenAt;
    }

    /// An estimate to who is not inside, as the others below.
    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    /// Whether somebody is inside.
    boolean isOccupied() {
        return (int) INSIDE.getOpaque(this) != 0 || (int) CLAIMED.getOpaque(this) != 0;
    }

    /// Leases served from it.
    long hits() {
        return hits;
    }
}
