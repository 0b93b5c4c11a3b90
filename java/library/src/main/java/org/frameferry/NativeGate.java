// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.stream.Stream;
import org.frameferry.bindings.FerryBindings;

/// The one place where Java enters native code.
///
/// Burst functions go through critical handles, built here by hand because jextract cannot emit linker options: they
/// never block, never call back and are bounded by the batch, so they may hold up a safepoint for that long. Everything
/// that may block goes through jextract's ordinary handles.
///
/// Now and then a burst call, too, goes through the ordinary handle ([FrameBatch#ordinaryCallDue()]). The compiler takes a
/// call in a loop for a safepoint, and leaves out the loop's own; a critical call is none. A thread that does nothing but
/// look for frames would keep the garbage collector, and every other thread with it, waiting for ever.
///
/// Pools are passed as segments of an automatic arena, which the JDK keeps alive during the call: a pool that is closed
/// meanwhile answers `FERRY_ECLOSED` from memory that is still mapped. [NativeLibrary#require()] comes first.
final class NativeGate {
    private NativeGate() {
    }

    private static MethodHandle critical(MemorySegment address, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(address, descriptor, Linker.Option.critical(false));
    }

    /// Whether [#barrier()] works on this system. If not, both sides of an asymmetric fence need an ordinary one.
    static final boolean ASYMMETRIC = FerryBindings.ferry_barrier() == FerryBindings.FERRY_OK();

    /// A full fence in every thread of this process: their loads and stores are done before it, or come after it.
    static void barrier() {
        if (ASYMMETRIC) {
            FerryBindings.ferry_barrier();
        } else {
            VarHandle.fullFence();
        }
    }

    // Each handle in a holder of its own, so that it is built when first needed.

    private static final class Take {
        static final MethodHandle HANDLE =
                critical(FerryBindings.ferry_pool_take$address(), FerryBindings.ferry_pool_take$descriptor());
    }

    private static final class Give {
        static final MethodHandle HANDLE =
                critical(FerryBindings.ferry_pool_give$address(), FerryBindings.ferry_pool_give$descriptor());
    }

    private static final class GiveOne {
        static final MethodHandle HANDLE =
                critical(FerryBindings.ferry_pool_give_one$address(), FerryBindings.ferry_pool_give_one$descriptor());
    }

    private static final class Receive {
        static final MethodHandle HANDLE = critical(FerryBindings.ferry_bridge_receive$address(),
                FerryBindings.ferry_bridge_receive$descriptor());
    }

    private static final class Send {
        static final MethodHandle HANDLE =
                critical(FerryBindings.ferry_bridge_send$address(), FerryBindings.ferry_bridge_send$descriptor());
    }

    /// Sets up every function that the ends of a bridge call, while there is stack for it. The first call needs far more than
    /// the later ones, and a holder that runs out of stack in the middle can never be used again, by nobody.
    static void prepareEnds() {
        Stream.of(Take.HANDLE, Give.HANDLE, GiveOne.HANDLE, Receive.HANDLE, Send.HANDLE,
                FerryBindings.ferry_pool_take$handle(), FerryBindings.ferry_pool_give$handle(),
                FerryBindings.ferry_pool_wake$handle(), FerryBindings.ferry_bridge_receive$handle(),
                FerryBindings.ferry_bridge_send$handle(), FerryBindings.ferry_bridge_poll$handle(),
                FerryBindings.ferry_bridge_wait$handle(), FerryBindings.ferry_bridge_wake$handle(),
                FerryBindings.ferry_bridge_interrupt$handle()).forEach(Objects::requireNonNull);
    }

    static long take(MemorySegment pool, MemorySegment descriptors, int n, boolean ordinary) {
        if (ordinary) {
            return FerryBindings.ferry_pool_take(pool, descriptors, n);
        }
        try {
            return (long) Take.HANDLE.invokeExact(pool, descriptors, n);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long give(MemorySegment pool, MemorySegment descriptors, int n, boolean ordinary) {
        if (ordinary) {
            return FerryBindings.ferry_pool_give(pool, descriptors, n);
        }
        try {
            return (long) Give.HANDLE.invokeExact(pool, descriptors, n);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long giveOne(MemorySegment pool, long descriptor) {
        try {
            return (long) GiveOne.HANDLE.invokeExact(pool, descriptor);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long receive(MemorySegment pool, int bridge, MemorySegment batch, int previous, int max, boolean ordinary) {
        if (ordinary) {
            return FerryBindings.ferry_bridge_receive(pool, bridge, batch, previous, max);
        }
        try {
            return (long) Receive.HANDLE.invokeExact(pool, bridge, batch, previous, max);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long send(MemorySegment pool, int bridge, MemorySegment batch, int n, boolean ordinary) {
        if (ordinary) {
            return FerryBindings.ferry_bridge_send(pool, bridge, batch, n);
        }
        try {
            return (long) Send.HANDLE.invokeExact(pool, bridge, batch, n);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Makes the ordinary calls that the result of a burst call on a bridge asks for. Any thread.
    static void wake(MemorySegment pool, int bridge, long result) {
        if (result > 0 && (result & FerryBindings.FERRY_WAKE_BRIDGE()) != 0) {
            FerryBindings.ferry_bridge_wake(pool, bridge);
        }
        wakePool(pool, result);
    }

    /// Likewise for a burst call on a pool. A negative result, an error, asks for nothing.
    static void wakePool(MemorySegment pool, long result) {
        if (result > 0 && (result & FerryBindings.FERRY_WAKE_POOL()) != 0) {
            FerryBindings.ferry_pool_wake(pool);
        }
    }

    static String errorName(int code) {
        return FerryBindings.ferry_error_name(code).getString(0);
    }

    static String errorText(int code) {
        return FerryBindings.ferry_strerror(code).getString(0);
    }

    /// Throws for a negative code.
    static int check(int code, String what) {
        if (code < 0) {
            throw FerryException.of(code, what);
        }
        return code;
    }

    /// A downcall throws nothing of its own but errors of the virtual machine, which pass through as they are.
    private static RuntimeException unexpected(Throwable t) {
        if (t instanceof Error error) {
            throw error;
        }
        return (RuntimeException) t;
    }
}
