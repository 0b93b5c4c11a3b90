// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.frameferry.Inside;
import org.frameferry.bench.crossing.CrossingLibrary;
import org.frameferry.bench.crossing.NativeRing;

/** Java's end of one of our rings. Belongs to one thread. */
interface RingEnd {
    /** {@return how many of the n descriptors went in} */
    int push(MemorySegment batch, int n);

    /** {@return how many descriptors came out, at most n} */
    int pop(MemorySegment batch, int n);

    /** How descriptors cross. */
    enum Crossing {
        /** One foreign call a batch. */
        BATCHED,
        /** None: Java works the ring. */
        MAPPED;

        RingEnd end(NativeRing ring, boolean producer) {
            return this == MAPPED ? new Mapped(ring.end(producer)) : new Batched(ring.address());
        }
    }

    /** What the library has for it. */
    record Mapped(Inside.Mapped ring) implements RingEnd {
        @Override
        public int push(MemorySegment batch, int n) {
            return ring.push(batch, n);
        }

        @Override
        public int pop(MemorySegment batch, int n) {
            return ring.pop(batch, n);
        }
    }

    /**
     * The library's kind of call: critical, and one in 64 an ordinary one, in which the virtual machine can stop the
     * thread.
     */
    final class Batched implements RingEnd {
        private static final FunctionDescriptor BURST = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT);
        private static final Linker.Option CRITICAL = Linker.Option.critical(false);
        private static final MethodHandle PUSH = CrossingLibrary.handle("crossing_push", BURST);
        private static final MethodHandle PUSH_CRITICAL = CrossingLibrary.handle("crossing_push", BURST, CRITICAL);
        private static final MethodHandle POP = CrossingLibrary.handle("crossing_pop", BURST);
        private static final MethodHandle POP_CRITICAL = CrossingLibrary.handle("crossing_pop", BURST, CRITICAL);

        private final long ring;
        private int calls;

        Batched(long ring) {
            this.ring = ring;
        }

        @Override
        public int push(MemorySegment batch, int n) {
            try {
                return (int) (ordinaryCallDue() ? (long) PUSH.invokeExact(ring, batch, n)
                        : (long) PUSH_CRITICAL.invokeExact(ring, batch, n));
            } catch (Throwable t) {
                throw CrossingLibrary.unexpected(t);
            }
        }

        @Override
        public int pop(MemorySegment batch, int n) {
            try {
                return (int) (ordinaryCallDue() ? (long) POP.invokeExact(ring, batch, n)
                        : (long) POP_CRITICAL.invokeExact(ring, batch, n));
            } catch (Throwable t) {
                throw CrossingLibrary.unexpected(t);
            }
        }

        private boolean ordinaryCallDue() {
            return (++calls & 63) == 0;
        }
    }
}
