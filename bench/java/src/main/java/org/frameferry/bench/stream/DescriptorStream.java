// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Our ring alone: a descriptor is the frame's number. One thread sends, one receives. */
class DescriptorStream extends Stream {
    private final RingEnd out;
    private final RingEnd in;
    private final MemorySegment sent;
    private final MemorySegment received;

    /**
     * @param out null where C sends
     * @param in null where C receives
     */
    DescriptorStream(RingEnd out, RingEnd in, int batch) {
        this.out = out;
        this.in = in;
        // Automatic, as a batch's descriptors are; and each with a line to spare, which no other thread writes.
        sent = Arena.ofAuto().allocate(batch * 8L + 128, 128);
        received = Arena.ofAuto().allocate(batch * 8L + 128, 128);
    }

    @Override
    final int send(long next, int n) {
        for (int i = 0; i < n; i++) {
            sent.setAtIndex(ValueLayout.JAVA_LONG, i, next + i);
        }
        return out.push(sent, n);
    }

    @Override
    final int receive(long next, int n) {
        int count = in.pop(received, n);
        long different = 0;
        for (int i = 0; i < count; i++) {
            different |= received.getAtIndex(ValueLayout.JAVA_LONG, i) ^ next + i;
        }
        if (different != 0) {
            throw outOfOrder(next);
        }
        return count;
    }
}
