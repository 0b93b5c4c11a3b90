// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.frameferry.FramePool;
import org.frameferry.Inside;
import org.frameferry.bench.BenchFailure;
import org.frameferry.bench.crossing.CrossingLibrary;
import org.frameferry.bench.crossing.NativeRing;

/** An end of a stream in C: `side.h`. One thread. */
final class NativeSide implements Flow.Other {
    private static final MethodHandle OPEN = CrossingLibrary.handle("crossing_side_open",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BEGIN =
            CrossingLibrary.handle("crossing_side_begin", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle AWAIT =
            CrossingLibrary.handle("crossing_side_await", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle RUN =
            CrossingLibrary.handle("crossing_side_run", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle CLOSE =
            CrossingLibrary.handle("crossing_side_close", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final int CALLERS_THREAD = -1;

    private final long side;

    /** What it does; the numbers of `SIDE_PRODUCES` and the others. */
    enum Role { PRODUCES, CONSUMES, ECHOES }

    /** A ring, and how it is filled. */
    record Plan(NativeRing ring, NativeRing back, FramePool pool, int batch, int payload) {
        /** {@return a side with a thread of its own on the second processor} */
        NativeSide start(Role role) {
            return new NativeSide(this, role, Cores.SECOND);
        }

        /** {@return a side for the calling thread} */
        NativeSide here(Role role) {
            return new NativeSide(this, role, CALLERS_THREAD);
        }
    }

    private NativeSide(Plan plan, Role role, int processor) {
        MemorySegment pool = plan.pool == null ? MemorySegment.NULL : Inside.handle(plan.pool);
        try {
            side = (long) OPEN.invokeExact(plan.ring.address(), plan.back == null ? 0 : plan.back.address(), pool,
                    role.ordinal(), plan.batch, plan.payload, processor);
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
        if (side == 0) {
            throw new BenchFailure("no native end of a stream with " + plan);
        }
    }

    @Override
    public void begin(long count) {
        try {
            BEGIN.invokeExact(side, count);
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
    }

    @Override
    public void await() {
        try {
            check((long) AWAIT.invokeExact(side));
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
    }

    /**
     * Moves frames in the calling thread.
     *
     * @throws BenchFailure if a frame was not what it should be
     */
    void run(long count) {
        try {
            check((long) RUN.invokeExact(side, count));
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
    }

    private static void check(long wrong) {
        if (wrong != 0) {
            throw Stream.outOfOrder(wrong - 1);
        }
    }

    /** {@return false: it goes on after an error, and says so when it is done} */
    @Override
    public boolean ends() {
        return false;
    }

    @Override
    public void close() {
        try {
            CLOSE.invokeExact(side);
        } catch (Throwable t) {
            throw CrossingLibrary.unexpected(t);
        }
    }
}
