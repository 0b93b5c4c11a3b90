// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * CPU time of a process, ours or a child, by the kernel's own clock of that process: in nanoseconds, user and system
 * time of all its threads, those that have ended included. One clock for every receiver, so that they are measured
 * alike; /proc counts either in steps of 10 ms or without the threads that have ended. Any thread.
 */
final class ProcessClock {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CLOCK_OF = function("clock_getcpuclockid", ValueLayout.JAVA_INT);
    private static final MethodHandle GET_TIME = function("clock_gettime", ValueLayout.JAVA_INT);
    /** struct timespec: two 64-bit words, as on every 64-bit Linux. */
    private static final int TIMESPEC_BYTES = 16;
    private static final long NANOS = 1_000_000_000L;

    private ProcessClock() {}

    private static MethodHandle function(String name, ValueLayout first) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, first, ValueLayout.ADDRESS));
    }

    /** {@return nanoseconds of CPU that the process has used since it began, -1 if there is no such process} */
    static long cpuNanos(long pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment clock = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment time = arena.allocate(TIMESPEC_BYTES, Long.BYTES);
            if ((int) CLOCK_OF.invokeExact((int) pid, clock) != 0
                    || (int) GET_TIME.invokeExact(clock.get(ValueLayout.JAVA_INT, 0), time) != 0) {
                return -1;
            }
            return time.get(ValueLayout.JAVA_LONG, 0) * NANOS + time.get(ValueLayout.JAVA_LONG, Long.BYTES);
        } catch (Throwable e) {
            throw new AssertionError("two functions of libc that throw nothing", e);
        }
    }

    /** {@return nanoseconds of CPU that this process has used} */
    static long own() {
        return cpuNanos(ProcessHandle.current().pid());
    }
}
