// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Streams of the queues that pass references. What travels are the same objects again and again, twice as many as the
 * queue holds: the one whose turn it is was taken out, and read, before the queue had room for those after it. So these
 * need no pool, and allocate nothing. A frame's number is known by the object's place.
 */
abstract class References extends Stream {
    private static final int LINE = 64;

    private final Message[] messages;
    private final MemorySegment memory;
    private final int words;
    private long sending; // the sender's
    private long receiving; // the receiver's
    private long written; // the sender's: how many of the messages to be sent

    /** One that travels. */
    record Message(long offset) {}

    /**
     * @param capacity of the queue, a power of two
     * @param payload bytes of a frame; {@link Payload#NONE} if it is its number
     */
    References(int capacity, int payload) {
        long stride = (payload + LINE - 1) / LINE * (long) LINE;
        messages = new Message[2 * capacity];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = new Message(i * stride);
        }
        words = payload == Payload.NONE ? 0 : payload / 8;
        memory = words == 0 ? MemorySegment.NULL : Arena.ofAuto().allocate(messages.length * stride, LINE);
    }

    /** {@return the message with the next number, written; the same again until it is taken} */
    final Message prepared() {
        Message message = messages[(int) sending & messages.length - 1];
        if (words != 0 && written == sending) {
            Payload.write(memory, message.offset, words, written++);
        }
        return message;
    }

    /** After a prepared message was taken. */
    final void taken() {
        sending++;
    }

    /** Reads what was received. */
    final void check(Object object) {
        long number = receiving++;
        Message message = messages[(int) number & messages.length - 1];
        if (object != message || words != 0 && !Payload.read(memory, message.offset, words, number)) {
            throw outOfOrder(number);
        }
    }
}
