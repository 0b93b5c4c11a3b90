// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;

/// One holder's part in a lease that is not plain: it is tracked, shared, or of a frame outside the pool.
///
/// A plain lease ends by one compare-and-set of its generation word. A special one may have several holders, so each has a
/// flag of its own, here. The holder's [Frame] alone refers to this: so the collector finds it unreachable when it would find
/// the frame, and nobody else need know the frame itself, which lets the compiler do without that object.
final class Special {
    private static final VarHandle RELEASED;

    static {
        try {
            RELEASED = MethodHandles.lookup().findVarHandle(Special.class, "released", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final MemorySegment memory;
    final Generations generations;
    final long descriptor;
    final long key;
    private final Leaks.Tracked tracked; // null: not tracked
    private boolean released; // by RELEASED

    /// @param leaks null: not to be tracked
    private Special(MemorySegment memory, Generations generations, long descriptor, long key, Leaks leaks) {
        this.memory = memory;
        this.generations = generations;
        this.descriptor = descriptor;
        this.key = key;
        tracked = leaks == null ? null : leaks.track(this);
    }

    /// A new lease of the pool's, to be tracked. By the thread that leases.
    static Special tracked(FramePool pool, long descriptor) {
        Generations generations = pool.generations();
        long key = generations.specialKey(Descriptor.index(descriptor));
        return new Special(pool.memory(), generations, descriptor, key, pool.leaks());
    }

    /// A new lease of a frame with a memory of its own, which the collector takes back.
    static Special outside(MemorySegment memory, long descriptor) {
        Generations one = new Generations(1);
        return new Special(memory, one, descriptor, one.specialKey(0), null);
    }

    /// A plain lease that is about to be shared.
    static Special untracked(MemorySegment memory, Generations generations, int index, long key) {
        return new Special(memory, generations, index, key, null);
    }

    private int index() {
        return Descriptor.index(descriptor);
    }

    boolean isHeld() {
        return !released && generations.isHeld(index(), key);
    }

    /// Another holder of the same lease.
    Special share(FramePool pool) {
        if (!isHeld() || !generations.share(index(), key)) {
            throw released(null);
        }
        return new Special(memory, generations, descriptor, key, tracked == null ? null : pool.leaks());
    }

    /// Ends this holder's part. True for the last, which ends the lease.
    private boolean end() {
        if (!generations.isHeld(index(), key) || !RELEASED.compareAndSet(this, false, true)) {
            throw released(null);
        }
        if (tracked != null) {
            tracked.untrack();
            Reference.reachabilityFence(this); // collected before that, it would be taken for a leak
        }
        return generations.drop(index());
    }

    /// Ends the lease of a frame that is to go somewhere else than into the pool.
    void giveUp(FramePool pool) {
        if (generations != pool.generations()) {
            throw new ForeignFrameException("this frame was allocated outside its pool, and cannot cross: copy it");
        }
        if (generations.isShared(index(), key) || !end()) { // the second: another thread shared it after the first look
            throw new FrameSharedException("this frame is shared: it can be handed on when the other holders have "
                    + "released it");
        }
    }

    // What a frame does when its lease is not plain: static, so that the frame itself is not made known.

    /// @param batch not null: the frame is its cursor, and stale
    /// @param special null: the frame was plain, so its lease has ended
    static void check(FrameBatch batch, Special special) {
        if (batch != null || special == null || !special.isHeld()) {
            throw released(batch);
        }
    }

    static void release(FrameBatch batch, Special special, FramePool pool) {
        if (batch != null) {
            throw ofBatch();
        }
        if (special == null) {
            throw released(null);
        }
        if (special.end() && special.generations == pool.generations()) {
            pool.takeBack(special.index());
        }
    }

    static IllegalArgumentException ofBatch() {
        return new IllegalArgumentException("this frame belongs to a batch: release the batch, or detach the frame");
    }

    private static FrameReleasedException released(FrameBatch batch) {
        return new FrameReleasedException(batch != null
                ? "this frame has left its batch: it was released, sent, detached or replaced by later ones"
                : "this frame was released, or never leased");
    }
}
