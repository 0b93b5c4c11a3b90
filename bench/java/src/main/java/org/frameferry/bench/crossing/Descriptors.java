// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.frameferry.Inside;
import org.frameferry.bench.BenchFailure;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What is enqueued, a batch at a time, and where: a ring that never stays full. Each invocation of a benchmark moves
 * {@link #FRAMES} frames. Belongs to the benchmark's thread.
 */
public class Descriptors extends ThreadKind {
    static final int FRAMES = 4096;
    private static final int CAPACITY = 8192;

    @Param({"1", "2", "4", "8", "16", "32", "64", "128", "256", "512"})
    public int batch;

    NativeRing ring;
    /** {@link NativeRing#address}. */
    long address;
    /** A batch of descriptors, off the heap. */
    MemorySegment descriptors;
    /** Its address. */
    long pointer;
    /** The same on the heap. */
    long[] array;
    /** And as a segment. */
    MemorySegment heap;
    /** The frames that a benchmark in Java writes into by itself. */
    MemorySegment frames;
    private Inside.Mapped producer;
    private Inside.Mapped consumer;
    private MemorySegment consumed;
    private long before;

    @Setup
    public void open() {
        ring = new NativeRing(CAPACITY);
        address = ring.address();
        frames = ring.frames();
        array = new long[batch];
        heap = MemorySegment.ofArray(array);
        descriptors = Arena.global().allocate(ValueLayout.JAVA_LONG, batch);
        pointer = descriptors.address();
        for (int i = 0; i < batch; i++) {
            array[i] = i;
            descriptors.setAtIndex(ValueLayout.JAVA_LONG, i, i);
        }
        consumed = Arena.global().allocate(ValueLayout.JAVA_LONG, CAPACITY);
        producer = ring.end(true);
        consumer = ring.end(false);
    }

    /** Puts the batch into the ring without a call; when it is full, all that it holds is forgotten first, as in C. */
    int pushMapped() {
        int pushed = producer.push(descriptors, batch);
        if (pushed < batch) {
            check(consumer.pop(consumed, CAPACITY) == CAPACITY);
            pushed = producer.push(descriptors, batch); // nothing had gone in: the capacity is a multiple of the batch
        }
        return pushed;
    }

    @Setup(Level.Iteration)
    public void begin() {
        before = ring.count();
    }

    /** No frame was lost: the ring has counted whole invocations. */
    @TearDown(Level.Iteration)
    public void end() {
        long count = ring.count() - before;
        if (count <= 0 || count % FRAMES != 0) {
            throw new BenchFailure("the ring took " + count + " descriptors, which is no multiple of " + FRAMES);
        }
    }

    /** After each invocation. */
    static void check(boolean all) {
        if (!all) {
            throw new BenchFailure("the ring did not take all descriptors of a batch");
        }
    }

    @TearDown
    public void close() {
        ring.close();
    }
}
