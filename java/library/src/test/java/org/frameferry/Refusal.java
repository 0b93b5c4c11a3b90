// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// A system call that the system refuses to one thread, and to those that it starts from then on, with an errno of the
/// test's choice: by a filter of Linux (seccomp), which is as real as a failure gets. It ends with the thread.
enum Refusal {
    RECVMMSG(299, 243), SENDMMSG(307, 269), PPOLL(271, 73), SOCKET(41, 198), EVENTFD(290, 19), SETSOCKOPT(54, 208),
    BIND(49, 200), CONNECT(42, 203), GETSOCKNAME(51, 204), CLONE3(435, 435);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle PRCTL = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("prctl"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final int SET_NO_NEW_PRIVILEGES = 38;
    private static final int SET_SECCOMP = 22;
    private static final long FILTER = 2;

    // The filter's language: struct sock_filter as a long of code 16, jump if true 8, if false 8, value 32.
    private static final long LOAD_CALL = 0x20;
    private static final long SKIP_UNLESS_EQUAL = 0x15 | 1L << 24;
    private static final long RETURN = 0x06;
    private static final long ALLOW = 0x7fff0000L;
    private static final long REFUSE = 0x00050000L;

    private final long number;

    Refusal(int onX86, int onArm) {
        number = System.getProperty("os.arch").equals("amd64") ? onX86 : onArm;
    }

    private static int prctl(int option, long value, MemorySegment more) {
        try {
            return (int) PRCTL.invokeExact(option, value, more, 0L, 0L);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// Skips the test where the system does not filter.
    static void assumePossible() throws Exception {
        Elsewhere.run(() -> assumeTrue(prctl(SET_NO_NEW_PRIVILEGES, 1, MemorySegment.NULL) == 0
                && RECVMMSG.install(0) == 0, "this system filters no calls (seccomp)"));
    }

    private int install(int errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = arena.allocateFrom(ValueLayout.JAVA_LONG, LOAD_CALL,
                    SKIP_UNLESS_EQUAL | number << 32, RETURN | (REFUSE | errno) << 32, RETURN | ALLOW << 32);
            MemorySegment header = arena.allocate(16, 8);
            header.set(ValueLayout.JAVA_SHORT, 0, (short) 4);
            header.set(ValueLayout.ADDRESS, 8, program);
            return prctl(SET_SECCOMP, FILTER, header);
        }
    }

    /// From now on this thread gets that error. The caller is a thread of the test's own.
    void begin(int errno) {
        assertEquals(0, prctl(SET_NO_NEW_PRIVILEGES, 1, MemorySegment.NULL));
        assertEquals(0, install(errno));
    }
}
