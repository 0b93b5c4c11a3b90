// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * Descriptors put into a ring, by one call a batch of the same function in C. Each figure is that of one descriptor. In
 * `mapped` Java puts them in by itself, with what the library has for that. `frameferry` is the public API, and more:
 * frames are leased, sent over a bridge, received from it and given back.
 */
@OperationsPerInvocation(Descriptors.FRAMES)
public class Enqueue {
    @Benchmark
    public void jni(Descriptors d) {
        long put = 0;
        for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
            put += Jni.enqueue(d.address, d.pointer, d.batch);
        }
        Descriptors.check(put == Descriptors.FRAMES);
    }

    @Benchmark
    public void jniHeap(Descriptors d) {
        long put = 0;
        for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
            put += Jni.enqueueHeap(d.address, d.array, d.batch);
        }
        Descriptors.check(put == Descriptors.FRAMES);
    }

    @Benchmark
    public void ffm(Descriptors d) {
        try {
            long put = 0;
            for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
                put += (long) Ffm.ENQUEUE.invokeExact(d.address, d.pointer, d.batch);
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
                put += (long) Ffm.ENQUEUE_CRITICAL.invokeExact(d.address, d.pointer, d.batch);
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
                put += (long) Ffm.ENQUEUE_HEAP.invokeExact(d.address, d.heap, d.batch);
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
            put += Jna.crossing_enqueue(d.address, d.pointer, d.batch);
        }
        Descriptors.check(put == Descriptors.FRAMES);
    }

    @Benchmark
    public void jnr(Descriptors d) {
        long put = 0;
        for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
            put += Jnr.LIBRARY.crossing_enqueue(d.address, d.pointer, d.batch);
        }
        Descriptors.check(put == Descriptors.FRAMES);
    }

    @Benchmark
    public void frameferry(Loops l) {
        int received = 0;
        for (int frames = 0; frames < Descriptors.FRAMES; frames += l.batch) {
            l.pool.lease(l.sent, l.batch);
            l.bridge.send(l.sent);
            received += l.bridge.receive(l.received);
        }
        Descriptors.check(received == Descriptors.FRAMES);
    }

    @Benchmark
    public void mapped(Descriptors d) {
        long put = 0;
        for (int frames = 0; frames < Descriptors.FRAMES; frames += d.batch) {
            put += d.pushMapped();
        }
        Descriptors.check(put == Descriptors.FRAMES);
    }
}
