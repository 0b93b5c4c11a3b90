// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import org.frameferry.bindings.FerryBindings;

/**
 * What the library keeps to itself and benchmarks measure by itself: the end of a ring that Java works, and a batch's
 * descriptors, to put into a ring that belongs to no bridge. In the library's package, which is possible on the class
 * path only. As its arguments, no more than one thread at a time.
 */
public final class Inside {
    private static final long ERROR = FerryBindings.FERRY_RING_BYTES(); // zeros, between the words and the slots

    private Inside() {}

    /** Java's end of a ring. One thread. */
    public static final class Mapped {
        private final MappedRing ring;

        /**
         * @param words the ring's words, with its slots
         * @param slots where in it they begin
         * @param capacity a power of two
         * @param producer whether Java produces
         */
        public Mapped(MemorySegment words, long slots, long capacity, boolean producer) {
            ring = new MappedRing(words, ERROR, 0, slots, capacity, producer);
        }

        /** {@return how many of the n descriptors went in, or -1 when the ring's words make no sense} */
        public int push(MemorySegment batch, int n) {
            return ring.push(batch, n);
        }

        /** {@return how many descriptors came out, or -1 when the ring's words make no sense} */
        public int pop(MemorySegment batch, int n) {
            return ring.pop(batch, n);
        }
    }

    /** {@return the batch's descriptors} */
    public static MemorySegment descriptors(FrameBatch batch) {
        return batch.descriptors().memory;
    }

    /** As if the batch's first `n` descriptors had just been received. */
    public static void received(FrameBatch batch, int n) {
        DescriptorArray descriptors = batch.descriptors();
        descriptors.size = n;
        descriptors.epoch += DescriptorArray.TURNOVER;
    }

    /** As if the batch's first `n` frames had been handed on. */
    public static void sent(FrameBatch batch, int n) {
        if (n > 0) {
            DescriptorArray descriptors = batch.descriptors();
            descriptors.gone = n;
            descriptors.size = n - descriptors.size;
            descriptors.epoch += DescriptorArray.TURNOVER;
        }
    }

    /** {@return the pool as C knows it} */
    public static MemorySegment handle(FramePool pool) {
        return pool.handle();
    }
}
