// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Our ring alone: a descriptor is the frame's number modulo {@link #PERIOD}, lies ready in the sender's memory, as a
 * batch's do, and is compared by the receiver. One thread sends, one receives.
 */
class DescriptorStream extends Stream {
    /** `SIDE_PERIOD`: what a slot held a round of the ring ago is never what it should hold now. */
    private static final int PERIOD = 127;
    private static final int LINES = 128;

    private final RingEnd out;
    private final RingEnd in;
    private final MemorySegment numbers;
    private final MemorySegment[] batches = new MemorySegment[PERIOD]; // from each number on
    private final MemorySegment received;

    /**
     * @param out null where C sends
     * @param in null where C receives
     */
    DescriptorStream(RingEnd out, RingEnd in, int batch) {
        this.out = out;
        this.in = in;
        // Automatic, as a batch's descriptors are; with lines to spare, so that no other thread writes beside them.
        numbers = Arena.ofAuto().allocate((PERIOD + batch) * 8L + LINES, LINES);
        received = Arena.ofAuto().allocate(batch * 8L + LINES, LINES);
        for (int i = 0; i < PERIOD + batch; i++) {
            numbers.setAtIndex(ValueLayout.JAVA_LONG, i, i % PERIOD);
        }
        for (int i = 0; i < PERIOD; i++) {
            batches[i] = numbers.asSlice(i * 8L, batch * 8L);
        }
    }

    @Override
    final int send(long next, int n) {
        return out.push(batches[(int) (next % PERIOD)], n);
    }

    @Override
    final int receive(long next, int n) {
        int count = in.pop(received, n);
        if (count > 0 && MemorySegment.mismatch(received, 0, count * 8L, numbers, next % PERIOD * 8,
                (next % PERIOD + count) * 8) != -1) {
            throw outOfOrder(next);
        }
        return count;
    }
}
