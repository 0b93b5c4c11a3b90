// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;
import org.frameferry.bench.BenchFailure;
import org.frameferry.bench.crossing.CrossingLibrary;

/** The two processors that a stream runs on: the first two that the process may use. Static functions; any thread. */
public final class Cores {
    private static final int MASK_LONGS = 16; // glibc's cpu_set_t
    private static final FunctionDescriptor AFFINITY =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle SET = libc("sched_setaffinity");
    private static final MethodHandle GET = libc("sched_getaffinity");
    private static final MethodHandle ROUND_TRIP = CrossingLibrary.handle("crossing_round_trip",
            FunctionDescriptor.of(JAVA_DOUBLE, JAVA_INT, JAVA_INT, JAVA_INT));

    /** For the thread that is measured. */
    public static final int FIRST;
    /** For its partner. */
    public static final int SECOND;

    static {
        // Of the process's first thread, which nobody pins.
        BitSet allowed = affinity(Math.toIntExact(ProcessHandle.current().pid()));
        if (allowed.cardinality() < 2) {
            throw new BenchFailure("streams need two processors, and this process may use " + allowed);
        }
        FIRST = allowed.nextSetBit(0);
        SECOND = allowed.nextSetBit(FIRST + 1);
    }

    private Cores() {}

    private static MethodHandle libc(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), AFFINITY);
    }

    /** Ties the calling platform thread, and those that it starts, to a processor. */
    static void pin(int processor) {
        BitSet one = new BitSet();
        one.set(processor);
        pin(one);
    }

    /** Ties the calling platform thread, and those that it starts, to some processors. */
    static void pin(BitSet processors) {
        long[] words = new long[MASK_LONGS];
        System.arraycopy(processors.toLongArray(), 0, words, 0, processors.toLongArray().length);
        call(SET, 0, words);
    }

    /** {@return where a thread may run} */
    static BitSet affinity(int thread) {
        return BitSet.valueOf(call(GET, thread, new long[MASK_LONGS]));
    }

    private static long[] call(MethodHandle function, int thread, long[] words) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocateFrom(JAVA_LONG, words);
            if ((int) function.invokeExact(thread, mask.byteSize(), mask) != 0) {
                throw new BenchFailure("the system does not say, or let us say, where a thread runs");
            }
            return mask.toArray(JAVA_LONG);
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
    }

    /**
     * {@return ns that a word takes from the one processor to the other and back: the floor of every round trip}
     *
     * @param millis how long to measure; both processors should have nothing else to do
     */
    public static double roundTrip(int millis) {
        double ns;
        try {
            ns = (double) ROUND_TRIP.invokeExact(FIRST, SECOND, millis);
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
        if (ns <= 0) {
            throw new BenchFailure("no threads for the round trip between processors " + FIRST + " and " + SECOND);
        }
        return ns;
    }
}
