// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ThreadLocalRandom;
import org.frameferry.bindings.FerryBindings;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// Both ends of a mapped ring, worked by Java: what is pushed is popped once, in order, with what was written before
/// it. The indices begin anywhere, and most often where they are about to outgrow 32, 63 or 64 bits.
public final class MappedRingRaces {
    private static final long[] STARTS = {0, (1L << 32) - 1, Long.MAX_VALUE, -1};

    private MappedRingRaces() {
    }

    /// A ring of its own with payload beside it, and descriptors that name one word of that each.
    private static final class Ring {
        private final long[] words;
        private final long slots = FerryBindings.FERRY_RING_BYTES();
        private final long[] payload = new long[4];
        final MappedRing producer;
        final MappedRing consumer;

        /// @param filled descriptors that are in it, with payload: 1, 2 and so on
        Ring(int capacity, int filled) {
            words = new long[(int) (slots / Long.BYTES) + capacity + 1];
            MemorySegment memory = MemorySegment.ofArray(words);
            long start = STARTS[ThreadLocalRandom.current().nextInt(STARTS.length)];
            memory.set(ValueLayout.JAVA_LONG, FerryBindings.FERRY_RING_TAIL(), start);
            memory.set(ValueLayout.JAVA_LONG, FerryBindings.FERRY_RING_HEAD(), start);
            long error = slots + (long) capacity * Long.BYTES;
            producer = new MappedRing(memory, error, 0, slots, capacity, true);
            consumer = new MappedRing(memory, error, 0, slots, capacity, false);
            if (filled != 0) {
                push(1, filled);
            }
        }

        /// Pushes `first` and, for `n` 2, the one after it. Returns how many.
        int push(int first, int n) {
            MemorySegment batch = MemorySegment.ofArray(new long[] {first, first + 1});
            for (int i = first; i < first + n; i++) {
                payload[i] = -i;
            }
            return producer.push(batch, n);
        }

        /// Pops up to `n`. Returns the descriptors as the digits of a number; 9 for one whose payload is not there.
        int pop(int n) {
            long[] descriptors = new long[n];
            int popped = consumer.pop(MemorySegment.ofArray(descriptors), n);
            int digits = popped < 0 ? 9 : 0;
            for (int i = 0; i < popped; i++) {
                int descriptor = (int) descriptors[i];
                boolean whole = descriptor > 0 && descriptor < payload.length && payload[descriptor] == -descriptor;
                digits = digits * 10 + (whole ? descriptor : 9);
            }
            return digits;
        }
    }

    /// Two descriptors are pushed into an empty ring while they are popped.
    @JCStressTest
    @Outcome(id = {"2, 0", "2, 12"}, expect = ACCEPTABLE, desc = "Both or none, in order, with their payload.")
    @Outcome(expect = FORBIDDEN, desc = "Popped before it was written.")
    @State
    public static class PushOrPop {
        private final Ring ring = new Ring(2, 0);

        @Actor
        public void producer(II_Result r) {
            r.r1 = ring.push(1, 2);
        }

        @Actor
        public void consumer(II_Result r) {
            r.r2 = ring.pop(2);
        }
    }

    /// A descriptor is pushed into a full ring while the one in it is popped: its slot may be written when it has been
    /// read.
    @JCStressTest
    @Outcome(id = {"0, 1, 0", "1, 1, 2"}, expect = ACCEPTABLE, desc = "The second waits for the first to be out.")
    @Outcome(expect = FORBIDDEN, desc = "One is overwritten, or lost.")
    @State
    public static class FullRing {
        private final Ring ring = new Ring(1, 1);

        @Actor
        public void producer(III_Result r) {
            r.r1 = ring.push(2, 1);
        }

        @Actor
        public void consumer(III_Result r) {
            r.r2 = ring.pop(1);
        }

        @Arbiter
        public void rest(III_Result r) {
            r.r3 = ring.pop(1);
        }
    }

    /// Two descriptors are pushed after one that is there, as far as there is room, while two are popped in two goes,
    /// over the seam of the ring. The last result is what the consumer has got in the end.
    @JCStressTest
    @Outcome(id = {"1, 12", "2, 123"}, expect = ACCEPTABLE, desc = "All that were pushed, once, in order.")
    @Outcome(expect = FORBIDDEN, desc = "One is lost, twice there, or in another's place.")
    @State
    public static class OverTheSeam {
        private final Ring ring = new Ring(2, 1);
        private int popped;

        @Actor
        public void producer(II_Result r) {
            r.r1 = ring.push(2, 2);
        }

        @Actor
        public void consumer() {
            take(1);
            take(1);
        }

        @Arbiter
        public void rest(II_Result r) {
            take(1);
            take(1);
            r.r2 = popped;
        }

        private void take(int n) {
            int digits = ring.pop(n);
            popped = digits == 0 ? popped : popped * 10 + digits;
        }
    }
}
