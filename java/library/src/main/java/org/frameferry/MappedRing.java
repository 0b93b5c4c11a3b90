// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.frameferry.bindings.FerryBindings;

/// Java's end of a ring that it works itself, without a foreign call. The twin of `ring.h`: same names, same order of
/// steps. One thread consumes or one produces.
///
/// Its own index and its last look at the other's are plain fields. A pool that is being closed puts zeros in place of the
/// ring, which mostly read as an impossible distance (-1); descriptors of zeros name frame 0 with no data. The callers look
/// whether the bridge was closed.
final class MappedRing {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment control;
    private final long error;
    private final long words;
    private final long slots;
    private final long capacity;
    private long own;   // the index that this end writes
    private long other; // this end's last look at the other's index

    /// @param error where the bridge's error lies in `control`
    /// @param words where the ring's words begin
    /// @param slots where its slots begin
    /// @param producer whether Java produces
    MappedRing(MemorySegment control, long error, long words, long slots, long capacity, boolean producer) {
        this.control = control;
        this.error = error;
        this.words = words;
        this.slots = slots;
        this.capacity = capacity;
        long tail = (long) LONG.getAcquire(control, words + FerryBindings.FERRY_RING_TAIL());
        long head = (long) LONG.getAcquire(control, words + FerryBindings.FERRY_RING_HEAD());
        own = producer ? tail : head;
        other = producer ? head : tail;
    }

    /// {@return what ended the device, or 0; asked before a pop, so that nothing can follow an empty one}
    int deviceError() {
        // Acquire: pairs with the poller's release, after the last frame that it published.
        return (int) INT.getAcquire(control, error);
    }

    /// Pops up to `n` descriptors into `batch`.
    ///
    /// @return how many, or -1 when the ring's words make no sense
    int pop(MemorySegment batch, int n) {
        long filled = other - own;
        if (filled < n || filled > capacity) {
            // Acquire: pairs with the producer's release of tail, and so shows us slots and payload.
            other = (long) LONG.getAcquire(control, words + FerryBindings.FERRY_RING_TAIL());
            filled = other - own;
        }
        if (filled < 0 || filled > capacity) {
            return -1;
        }
        int count = (int) Math.min(filled, n);
        copy(batch, own, count, false);
        own += count;
        // Release: our loads from these slots are done before the producer, acquiring head, writes into them.
        LONG.setRelease(control, words + FerryBindings.FERRY_RING_HEAD(), own);
        return count;
    }

    /// Pushes up to `n` descriptors from `batch`.
    ///
    /// @return how many, or -1 when the ring's words make no sense
    int push(MemorySegment batch, int n) {
        long room = capacity - (own - other);
        if (room < n) {
            // Acquire: pairs with the consumer's release of head, so that our stores come after its loads.
            other = (long) LONG.getAcquire(control, words + FerryBindings.FERRY_RING_HEAD());
            room = capacity - (own - other);
        }
        if (room < 0 || room > capacity) {
            return -1;
        }
        int count = (int) Math.min(room, n);
        copy(batch, own, count, true);
        own += count;
        // Release: publishes the descriptors, and the frames that they name, to the consumer's acquire of tail.
        LONG.setRelease(control, words + FerryBindings.FERRY_RING_TAIL(), own);
        return count;
    }

    private void copy(MemorySegment batch, long index, int count, boolean push) {
        long at = index & capacity - 1;
        long first = Math.min(count, capacity - at) * Long.BYTES;
        long rest = (long) count * Long.BYTES - first;
        if (push) {
            MemorySegment.copy(batch, 0, control, slots + at * Long.BYTES, first);
            MemorySegment.copy(batch, first, control, slots, rest);
        } else {
            MemorySegment.copy(control, slots + at * Long.BYTES, batch, 0, first);
            MemorySegment.copy(control, slots, batch, first, rest);
        }
    }

    /// Whether the other end sleeps and must be woken, asked after a push or pop.
    ///
    /// @param word FERRY_RING_CONSUMER_WAITS or FERRY_RING_PRODUCER_WAITS
    boolean otherWaits(int word) {
        // Our index is out before we look at the sleeper's word; the sleeper's word is out before it looks at our index
        // again. Without the fence both can miss, and it sleeps for ever.
        VarHandle.fullFence();
        return (int) INT.getOpaque(control, words + word) != 0;
    }
}
