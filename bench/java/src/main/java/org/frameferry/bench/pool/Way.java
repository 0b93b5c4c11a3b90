// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.pool;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jctools.queues.SpscArrayQueue;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Control;

/**
 * The way from the thread that leases to the one that releases, the same for all contestants: one JCTools queue. Offers
 * and polls wait, but not beyond the end of a measurement. What is in it then stays for the next. One thread offers,
 * one polls.
 */
@State(Scope.Group)
public class Way {
    private static final int CAPACITY = 512;
    private static final int SPINS = 200;

    private final SpscArrayQueue<Object> queue = new SpscArrayQueue<>(CAPACITY);

    /** {@return false if the measurement ended first: the object is still the caller's} */
    boolean offer(Object object, Control control) {
        for (int spins = 0; !queue.offer(object); spins++) {
            if (control.stopMeasurement) {
                return false;
            }
            pause(spins);
        }
        return true;
    }

    /** {@return null if the measurement ended first} */
    Object poll(Control control) {
        Object object;
        for (int spins = 0; (object = queue.poll()) == null; spins++) {
            if (control.stopMeasurement) {
                return null;
            }
            pause(spins);
        }
        return object;
    }

    /** Who spins on and on keeps the core that the other half may be waiting for. */
    private static void pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    /**
     * Objects that travel again and again, twice as many as can be under way: the one whose turn it is was polled, and
     * released, before the queue had room for those after it. One that could not be offered keeps its turn, or at the
     * end of a measurement they would overtake those in the queue. Belongs to the thread that offers.
     */
    abstract static class Travellers {
        private Object[] objects;
        private int turns;

        final void make(Supplier<?> maker) {
            objects = Stream.generate(maker).limit(2 * CAPACITY).toArray();
        }

        final Object first() {
            return objects[turns & objects.length - 1];
        }

        final void turn() {
            turns++;
        }
    }

    /** Handles of the pool, to lease into. */
    @State(Scope.Group)
    public static class Handles extends Travellers {
        @Setup
        public void make(Frames frames) {
            make(frames.pool::newFrame);
        }
    }

    /** A block of malloc. */
    static final class Block {
        long address;
    }

    /** A place for each address, as a queue of objects carries no numbers. */
    @State(Scope.Group)
    public static class Blocks extends Travellers {
        @Setup
        public void make() {
            make(Block::new);
        }
    }
}
