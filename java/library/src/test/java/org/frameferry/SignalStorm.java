// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.LockSupport;

/// Signals to one thread, again and again, until closed: each ends whatever wait of the system the thread is in, because
/// the handler, a function of C that does nothing, is not to restart it. From the thread that makes it.
final class SignalStorm implements AutoCloseable {
    private static final int SIGUSR1 = 10;
    private static final long PAUSE_NANOS = 20_000;
    private static final FunctionDescriptor OF_NOTHING = FunctionDescriptor.of(ValueLayout.JAVA_INT);
    private static final FunctionDescriptor OF_TWO =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle GETPID = function("getpid", OF_NOTHING);
    private static final MethodHandle GETTID = function("gettid", OF_NOTHING);
    private static final MethodHandle SIGINTERRUPT = function("siginterrupt", OF_TWO);
    private static final MethodHandle TGKILL = function("tgkill", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SIGNAL = function("signal",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private final int process;
    private final Elsewhere<Integer> storm;
    private volatile boolean over;

    private SignalStorm(int thread) throws Throwable {
        process = (int) GETPID.invokeExact();
        MemorySegment nothing = Linker.nativeLinker().defaultLookup().findOrThrow("abs");
        MemorySegment _ = (MemorySegment) SIGNAL.invokeExact(SIGUSR1, nothing); // and for good: a signal may come late
        assertEquals(0, (int) SIGINTERRUPT.invokeExact(SIGUSR1, 1));
        storm = Elsewhere.start(() -> rage(thread));
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow(name), type);
    }

    /// {@return the number by which the current thread can be named as a target}
    static int thisThread() {
        try {
            return (int) GETTID.invokeExact();
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// @param thread of this process, alive until the storm is over
    static SignalStorm on(int thread) throws Exception {
        try {
            return new SignalStorm(thread);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private int rage(int thread) {
        int sent = 0;
        try {
            for (; !over; sent++) {
                assertEquals(0, (int) TGKILL.invokeExact(process, thread, SIGUSR1));
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
        return sent;
    }

    @Override
    public void close() {
        over = true;
        try {
            assertNotEquals(0, storm.result());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
