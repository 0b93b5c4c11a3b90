// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.frameferry.Inside;
import org.frameferry.bench.BenchFailure;

/** A ring of descriptors that belongs to no bridge. One thread produces, one consumes. */
public final class NativeRing implements AutoCloseable {
    /** Where the slots begin; what is before belongs to the ring's words. */
    private static final long SLOTS = 4096;
    private static final MethodHandle OPEN =
            CrossingLibrary.handle("crossing_open", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    private static final MethodHandle CLOSE =
            CrossingLibrary.handle("crossing_close", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle WORDS = getter("crossing_words");
    private static final MethodHandle FRAMES = getter("crossing_frames");
    private static final MethodHandle COUNT = getter("crossing_count");

    private final long address;
    private final int capacity;

    /**
     * @param capacity descriptors that it has room for, a power of two from 64 on
     */
    public NativeRing(int capacity) {
        this.capacity = capacity;
        try {
            address = (long) OPEN.invokeExact(capacity);
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
        if (address == 0) {
            throw new BenchFailure("there is no ring of " + capacity + " descriptors");
        }
    }

    private static MethodHandle getter(String name) {
        return CrossingLibrary.handle(name, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    }

    private static long get(MethodHandle getter, long address) {
        try {
            return (long) getter.invokeExact(address);
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
    }

    /** {@return what C calls it} */
    public long address() {
        return address;
    }

    public int capacity() {
        return capacity;
    }

    /** {@return its words and slots} */
    MemorySegment memory() {
        return MemorySegment.ofAddress(get(WORDS, address)).reinterpret(SLOTS + capacity * ADDRESS.byteSize());
    }

    /** {@return the frames that `crossing_enqueue_written` writes into, and nobody reads} */
    MemorySegment frames() {
        return MemorySegment.ofAddress(get(FRAMES, address)).reinterpret(Frames.COUNT * Frames.STRIDE);
    }

    /** {@return an end for Java to work without calls} */
    public Inside.Mapped end(boolean producer) {
        return new Inside.Mapped(memory(), SLOTS, capacity, producer);
    }

    /** {@return how many descriptors have ever been put in} */
    long count() {
        return get(COUNT, address);
    }

    @Override
    public void close() {
        try {
            CLOSE.invokeExact(address);
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
    }

    /** The frames of a ring without a pool. */
    static final class Frames {
        static final long COUNT = 1024;
        static final long STRIDE = 2112;
        static final int PAYLOAD_LONGS = 8;

        private Frames() {}
    }
}
