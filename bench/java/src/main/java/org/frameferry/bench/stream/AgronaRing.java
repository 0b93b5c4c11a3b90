// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Agrona's ring buffer, which has the payload inside: claimed, written in place and committed one by one, read in
 * batches. Bounds checks are off, as Agrona recommends for production: see {@link JavaToJava}. One thread sends, one
 * receives.
 */
final class AgronaRing extends Stream implements MessageHandler {
    private static final int TYPE = 1;

    private final OneToOneRingBuffer ring;
    private final AtomicBuffer buffer;
    private final MemorySegment memory;
    private final int payload;
    private long receiving;

    /**
     * @param capacity messages that it has room for at least
     */
    AgronaRing(int capacity, int payload) {
        this.payload = payload;
        int record = BitUtil.align(payload + RecordDescriptor.HEADER_LENGTH, RecordDescriptor.ALIGNMENT);
        int bytes = BitUtil.findNextPositivePowerOfTwo(capacity * record);
        ByteBuffer direct = BufferUtil.allocateDirectAligned(bytes + RingBufferDescriptor.TRAILER_LENGTH,
                BitUtil.CACHE_LINE_LENGTH);
        ring = new OneToOneRingBuffer(new UnsafeBuffer(direct));
        buffer = ring.buffer();
        memory = MemorySegment.ofBuffer(direct);
    }

    @Override
    int send(long next, int n) {
        int sent = 0;
        for (; sent < n; sent++) {
            int index = ring.tryClaim(TYPE, payload);
            if (index <= 0) {
                break;
            }
            if (payload == Payload.NONE) {
                buffer.putLong(index, next + sent);
            } else {
                Payload.write(memory, index, payload / 8, next + sent);
            }
            ring.commit(index);
        }
        return sent;
    }

    @Override
    int receive(long next, int n) {
        receiving = next;
        return ring.read(this, n);
    }

    @Override
    public void onMessage(int type, MutableDirectBuffer source, int index, int length) {
        long number = receiving++;
        boolean right = payload == Payload.NONE ? source.getLong(index) == number
                : Payload.read(memory, index, payload / 8, number);
        if (!right || length != payload) {
            throw outOfOrder(number);
        }
    }
}
