// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.pool;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C library's malloc and free by critical calls, the cheapest that Java has. Addresses are plain numbers, so that
 * no segment is made for each. Static functions; any thread.
 */
final class Malloc {
    private static final MethodHandle MALLOC =
            critical("malloc", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE = critical("free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Malloc() {}

    private static MethodHandle critical(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor,
                Linker.Option.critical(false));
    }

    /** {@return the address of a new block} */
    static long allocate() {
        try {
            return (long) MALLOC.invokeExact((long) Contest.FRAME_BYTES);
        } catch (Throwable e) {
            throw new AssertionError("malloc throws nothing", e);
        }
    }

    static void free(long address) {
        try {
            FREE.invokeExact(address);
        } catch (Throwable e) {
            throw new AssertionError("free throws nothing", e);
        }
    }

    static void write(long address) {
        MemorySegment.copy(Contest.PAYLOAD, 0, ALL, ValueLayout.JAVA_BYTE, address, Contest.PAYLOAD.length);
    }
}
