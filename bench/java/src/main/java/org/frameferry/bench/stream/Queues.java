// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.SpscArrayQueue;

/**
 * The queues of Java that pass references, each by the fastest of its methods for one sender and one receiver. One
 * thread sends, one receives.
 */
final class Queues {
    private Queues() {}

    /** {@code fill} and {@code drain}, each with one release a message; for single messages relaxed offer and poll. */
    static final class Jctools extends References
            implements MessagePassingQueue.Supplier<Object>, MessagePassingQueue.Consumer<Object> {
        private final SpscArrayQueue<Object> queue;

        Jctools(int capacity, int payload) {
            super(capacity, payload);
            queue = new SpscArrayQueue<>(capacity);
        }

        @Override
        int send(long next, int n) {
            if (n > 1) {
                return queue.fill(this, n);
            }
            if (!queue.relaxedOffer(prepared())) {
                return 0;
            }
            taken();
            return 1;
        }

        @Override
        public Object get() {
            Object message = prepared();
            taken();
            return message;
        }

        @Override
        int receive(long next, int n) {
            if (n > 1) {
                return queue.drain(this, n);
            }
            Object message = queue.relaxedPoll();
            if (message == null) {
                return 0;
            }
            check(message);
            return 1;
        }

        @Override
        public void accept(Object message) {
            check(message);
        }
    }

    /** {@code offer}, as there is no other, and {@code drain}, which moves its head once a batch. */
    static final class Agrona extends References implements Consumer<Object> {
        private final OneToOneConcurrentArrayQueue<Object> queue;

        Agrona(int capacity, int payload) {
            super(capacity, payload);
            queue = new OneToOneConcurrentArrayQueue<>(capacity);
        }

        @Override
        int send(long next, int n) {
            int sent = 0;
            while (sent < n && queue.offer(prepared())) {
                taken();
                sent++;
            }
            return sent;
        }

        @Override
        int receive(long next, int n) {
            if (n > 1) {
                return queue.drain(this, n);
            }
            Object message = queue.poll();
            if (message == null) {
                return 0;
            }
            check(message);
            return 1;
        }

        @Override
        public void accept(Object message) {
            check(message);
        }
    }

    /** The JDK's: {@code offer}, and {@code drainTo} under one lock a batch. */
    static final class Blocking extends References {
        private final ArrayBlockingQueue<Object> queue;
        private final List<Object> received;

        Blocking(int capacity, int payload, int batch) {
            super(capacity, payload);
            queue = new ArrayBlockingQueue<>(capacity);
            received = new ArrayList<>(batch);
        }

        @Override
        int send(long next, int n) {
            int sent = 0;
            while (sent < n && queue.offer(prepared())) {
                taken();
                sent++;
            }
            return sent;
        }

        @Override
        int receive(long next, int n) {
            int count = queue.drainTo(received, n);
            for (int i = 0; i < count; i++) {
                check(received.get(i));
            }
            received.clear();
            return count;
        }
    }
}
