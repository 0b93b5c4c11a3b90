// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import org.openjdk.jmh.annotations.Benchmark;

/** A call of a function in C that does nothing. The figure is that of one call, with JMH's own of less than 1 ns. */
public class Empty {
    @Benchmark
    public void jni(ThreadKind kind) {
        Jni.empty();
    }

    @Benchmark
    public void ffm(ThreadKind kind) {
        try {
            Ffm.EMPTY.invokeExact();
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
    }

    @Benchmark
    public void ffmCritical(ThreadKind kind) {
        try {
            Ffm.EMPTY_CRITICAL.invokeExact();
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
    }

    @Benchmark
    public void jna(ThreadKind kind) {
        Jna.crossing_empty();
    }

    @Benchmark
    public void jnr(ThreadKind kind) {
        Jnr.LIBRARY.crossing_empty();
    }
}
