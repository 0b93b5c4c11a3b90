// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import java.lang.foreign.ValueLayout;
import org.frameferry.bench.crossing.NativeRing.Frames;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * As {@link Enqueue}, and 64 bytes written into the frame of each descriptor, in C by the same function; in `mapped` by
 * Java.
 */
@OperationsPerInvocation(Descriptors.FRAMES)
public class EnqueueWritten {
    @Benchmark
    public void jni(Descriptors d) {
        long put = 0;
        for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
            put += Jni.enqueueWritten(d.address, d.pointer, d.batch);
        }
        Descriptors.check(put == Descriptors.FRAMES);
    }

    @Benchmark
    public void jniHeap(Descriptors d) {
        long put = 0;
        for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
            put += Jni.enqueueWrittenHeap(d.address, d.array, d.batch);
        }
        Descriptors.check(put == Descriptors.FRAMES);
    }

    @Benchmark
    public void ffm(Descriptors d) {
        try {
            long put = 0;
            for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
                put += (long) Ffm.WRITTEN.invokeExact(d.address, d.pointer, d.batch);
            }
            Descriptors.check(put == Descriptors.FRAMES);
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
    }

    @Benchmark
    public void ffmCritical(Descriptors d) {
        try {
            long put = 0;
            for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
                put += (long) Ffm.WRITTEN_CRITICAL.invokeExact(d.address, d.pointer, d.batch);
            }
            Descriptors.check(put == Descriptors.FRAMES);
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
    }

    @Benchmark
    public void ffmCriticalHeap(Descriptors d) {
        try {
            long put = 0;
            for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
                put += (long) Ffm.WRITTEN_HEAP.invokeExact(d.address, d.heap, d.batch);
            }
            Descriptors.check(put == Descriptors.FRAMES);
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
    }

    @Benchmark
    public void jna(Descriptors d) {
        long put = 0;
        for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
            put += Jna.crossing_enqueue_written(d.address, d.pointer, d.batch);
        }
        Descriptors.check(put == Descriptors.FRAMES);
    }

    @Benchmark
    public void jnr(Descriptors d) {
        long put = 0;
        for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
            put += Jnr.LIBRARY.crossing_enqueue_written(d.address, d.pointer, d.batch);
        }
        Descriptors.check(put == Descriptors.FRAMES);
    }

    @Benchmark
    public void mapped(Descriptors d) {
        long put = 0;
        for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
            write(d);
            put += d.pushMapped();
        }
        Descriptors.check(put == Descriptors.FRAMES);
    }

    /** What C does in `crossing_enqueue_written`. */
    private static void write(Descriptors d) {
        for (int i = 0; i < d.batch; i++) {
            long descriptor = d.descriptors.getAtIndex(ValueLayout.JAVA_LONG, i);
            long frame = (descriptor & Frames.COUNT - 1) * Frames.STRIDE;
            for (int word = 0; word < Frames.PAYLOAD_LONGS; word++) {
                d.frames.set(ValueLayout.JAVA_LONG, frame + word * ValueLayout.JAVA_LONG.byteSize(), descriptor + word);
            }
        }
    }
}
