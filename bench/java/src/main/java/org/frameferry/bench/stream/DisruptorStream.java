// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * LMAX Disruptor: one producer, busy spinning, a batch claimed and published at once. The receiver polls, which is what
 * a batch event processor does without giving the thread away, and takes all that there is. One thread sends, one
 * receives.
 */
final class DisruptorStream extends Stream implements EventPoller.Handler<DisruptorStream.Event> {
    private static final int LINE = 64;

    private final RingBuffer<Event> ring;
    private final EventPoller<Event> poller;
    private final MemorySegment memory;
    private final int words;
    private long receiving;

    /** One slot: a number, or the place of a frame that belongs to the slot. */
    static final class Event {
        private long number;
        private long offset;
    }

    /**
     * @param capacity a power of two
     */
    DisruptorStream(int capacity, int payload) {
        long stride = (payload + LINE - 1) / LINE * (long) LINE;
        ring = RingBuffer.createSingleProducer(Event::new, capacity, new BusySpinWaitStrategy());
        poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
        words = payload == Payload.NONE ? 0 : payload / 8;
        memory = words == 0 ? MemorySegment.NULL : Arena.ofAuto().allocate(capacity * stride, LINE);
        for (int i = 0; i < capacity; i++) {
            ring.get(i).offset = i * stride;
        }
    }

    @Override
    int send(long next, int n) {
        if (!ring.hasAvailableCapacity(n)) {
            return 0; // next(n) would sleep for the first millisecond that it can get
        }
        long last = ring.next(n);
        long first = last - n + 1;
        for (int i = 0; i < n; i++) {
            Event event = ring.get(first + i);
            event.number = next + i;
            if (words != 0) {
                Payload.write(memory, event.offset, words, next + i);
            }
        }
        ring.publish(first, last);
        return n;
    }

    @Override
    int receive(long next, int n) {
        receiving = next;
        try {
            poller.poll(this);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return (int) (receiving - next);
    }

    @Override
    public boolean onEvent(Event event, long sequence, boolean endOfBatch) {
        long number = receiving++;
        if (event.number != number || words != 0 && !Payload.read(memory, event.offset, words, number)) {
            throw outOfOrder(number);
        }
        return true;
    }
}
