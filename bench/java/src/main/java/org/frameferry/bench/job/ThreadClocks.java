// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * CPU time of this process's threads in ns, native ones too, by the kernel's own clock of each: /proc tells it in steps
 * of 10 ms, or as of the last tick. Static functions; any thread.
 */
final class ThreadClocks {
    private static final MethodHandle GET_TIME = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    /** What Linux makes of a thread's number for its clock: inverted, and in the low bits: one thread, as scheduled. */
    private static final int OF_THREAD = 6;
    private static final int THREAD_SHIFT = 3;
    private static final long NANOS = 1_000_000_000L;

    private ThreadClocks() {}

    /** {@return CPU of all threads, those that have ended included} */
    static long process() {
        return read(CLOCK_PROCESS_CPUTIME_ID);
    }

    /** {@return CPU of the threads that live and whose names, of which Linux keeps 15 characters, begin so} */
    static long ofThreads(List<String> prefixes) {
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.filter(task -> prefixes.stream().anyMatch(name(task)::startsWith))
                    .mapToLong(task -> read(~Integer.parseInt(task.getFileName().toString()) << THREAD_SHIFT
                            | OF_THREAD)).sum();
        } catch (IOException e) {
            throw new IllegalStateException("no threads in " + TASKS, e);
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (NoSuchFileException e) {
            return ""; // it has ended meanwhile
        } catch (IOException e) {
            throw new IllegalStateException("a thread without a name: " + task, e);
        }
    }

    /** {@return what the clock says, 0 of a thread that has just ended} */
    private static long read(int clock) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(JAVA_LONG, 2); // struct timespec of every 64-bit Linux
            if ((int) GET_TIME.invokeExact(clock, time) != 0) {
                return 0;
            }
            return time.getAtIndex(JAVA_LONG, 0) * NANOS + time.getAtIndex(JAVA_LONG, 1);
        } catch (Throwable t) {
            throw new AssertionError("a function of libc that throws nothing", t);
        }
    }
}
