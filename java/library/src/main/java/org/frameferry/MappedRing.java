// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.frameferry.bindings.FerryBindings;

/// Java's end of a ring that it works itself, without a foreign call. The twin of `ring.h`: same names, same order of
/// steps. One thread consumes or one produces.
///
/// Its own index and its last look at the other's are plain words of its own. A pool that is being closed puts zeros in
/// place of the ring, which mostly read as an impossible distance (-1); descriptors of zeros name frame 0 with no data.
/// The callers look whether the bridge was closed.
final class MappedRing {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int PAIR = 128 / Long.BYTES; // two cache lines
    private static final int OWN = PAIR; // the index that this end writes
    private static final int OTHER = PAIR + 1; // this end's last look at the other's index

    private final MemorySegment control;
    private final long error;
    private final long words;
    private final long slots;
    private final long capacity;
    // Alone on their lines, as in the slab: the two ends of a ring, or the two rings of a bridge, are made one after
    // the other, lie side by side on the heap, and are written by different threads.
    private final long[] indices = new long[3 * PAIR];

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
        indices[OWN] = producer ? tail : head;
        indices[OTHER] = producer ? head : tail;
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
        long head = indices[OWN];
        long filled = indices[OTHER] - head;
        if (filled < n || filled > capacity) {
            // Acquire: pairs with the producer's release of tail, and so shows us slots and payload.
            long tail = (long) LONG.getAcquire(control, words + FerryBindings.FERRY_RING_TAIL());
            indices[OTHER] = tail;
            filled = tail - head;
        }
        if (filled <= 0 || filled > capacity) {
            return filled == 0 ? 0 : -1;
        }
        int count = (int) Math.min(filled, n);
        long at = slots + (head & capacity - 1) * Long.BYTES;
        int first = toSeam(head, count);
        copy(control, at, batch, 0, first);
        if (first < count) {
            copy(control, slots, batch, first * (long) Long.BYTES, count - first);
        }
        // Release: our loads from these slots are done before the producer, acquiring head, writes into them.
        LONG.setRelease(control, words + FerryBindings.FERRY_RING_HEAD(), head + count);
        indices[OWN] = head + count; // no call follows, as DescriptorArray says
        return count;
    }

    /// Pushes up to `n` descriptors from `batch`.
    ///
    /// @return how many, or -1 when the ring's words make no sense
    int push(MemorySegment batch, int n) {
        long tail = indices[OWN];
        long room = capacity - (tail - indices[OTHER]);
        if (room < n || room > capacity) {
            // Acquire: pairs with the consumer's release of head, so that our stores come after its loads.
            long head = (long) LONG.getAcquire(control, words + FerryBindings.FERRY_RING_HEAD());
            indices[OTHER] = head;
            room = capacity - (tail - head);
        }
        if (room <= 0 || room > capacity) {
            return room == 0 ? 0 : -1;
        }
        int count = (int) Math.min(room, n);
        long at = slots + (tail & capacity - 1) * Long.BYTES;
        int first = toSeam(tail, count);
        copy(batch, 0, control, at, first);
        if (first < count) {
            copy(batch, first * (long) Long.BYTES, control, slots, count - first);
        }
        // Release: publishes the descriptors, and the frames that they name, to the consumer's acquire of tail.
        LONG.setRelease(control, words + FerryBindings.FERRY_RING_TAIL(), tail + count);
        indices[OWN] = tail + count; // as above
        return count;
    }

    /// {@return how many of `count` slots from an index on come before slot 0 does}
    private int toSeam(long index, int count) {
        return (int) Math.min(count, capacity - (index & capacity - 1));
    }

    private static void copy(MemorySegment from, long at, MemorySegment to, long position, int count) {
        if (count == 1) { // several times as fast as a general copy
            to.set(ValueLayout.JAVA_LONG_UNALIGNED, position, from.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
        } else {
            MemorySegment.copy(from, at, to, position, count * (long) Long.BYTES);
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
