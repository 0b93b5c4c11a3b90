// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The descriptors of a batch, and how many there are. Apart from the batch, because they are what is left when it is
/// collected. The batch's thread, later the [Keeper].
///
/// Whoever moves frames into or out of it says so at once, and by stores to the fields: a stack can overflow in any call, and
/// between the move and the stores there must be none, or frames were in two places, or nowhere.
final class DescriptorArray {
    /// Added to [#epoch] when others take the place of all there were; 1 when some join, or one leaves.
    static final long TURNOVER = 1L << 32;

    final MemorySegment memory;
    final int capacity;
    int size; // negative: -size of them, behind `gone` that have left; they are still to move down
    int gone;
    long epoch;

    DescriptorArray(int capacity) {
        this.capacity = capacity;
        // Automatic: native calls that are under way keep it, and there is nothing to close.
        memory = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, capacity);
    }

    int size() {
        return size >= 0 ? size : settle();
    }

    private int settle() {
        MemorySegment.copy(memory, gone * (long) Long.BYTES, memory, 0, -size * (long) Long.BYTES);
        size = -size;
        return size;
    }

    long get(int i) {
        return memory.getAtIndex(ValueLayout.JAVA_LONG, i);
    }

    void set(int i, long descriptor) {
        memory.setAtIndex(ValueLayout.JAVA_LONG, i, descriptor);
    }

    /// Takes out one; the later ones move down.
    void remove(int i) {
        long after = (i + 1L) * Long.BYTES;
        MemorySegment.copy(memory, after, memory, after - Long.BYTES, (size - i - 1L) * Long.BYTES);
        size--;
        epoch++;
    }

    /// Hands the first `n` on to the end of another one, which has room for them.
    void move(int n, DescriptorArray to) {
        int rest = size() - n;
        MemorySegment.copy(memory, 0, to.memory, to.size() * (long) Long.BYTES, n * (long) Long.BYTES);
        to.size += n;
        to.epoch++;
        gone = n;
        size = -rest;
        epoch += TURNOVER;
        size();
    }

    /// Throws away what names no frame of a pool of that geometry.
    ///
    /// @return whether all of them name one
    boolean keepFrames(int frames, int stride) {
        long flaw = 0;
        for (int i = 0; i < size; i++) {
            flaw |= Descriptor.flaw(get(i), frames, stride);
        }
        if (flaw >= 0) {
            return true;
        }
        int kept = 0;
        for (int i = 0; i < size; i++) {
            long descriptor = get(i);
            set(kept, descriptor);
            kept += Descriptor.flaw(descriptor, frames, stride) < 0 ? 0 : 1;
        }
        size = kept;
        epoch += TURNOVER;
        return false;
    }

    /// {@return a number that stays as it is while frames only join, or leave one by one}
    long turnovers() {
        return epoch >> 32; // not by division, which rounds up what is below zero
    }
}
