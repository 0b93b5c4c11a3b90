// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.stream.Stream;
import org.frameferry.bindings.FerryBindings;

/// The one place where Java enters native code.
///
/// Burst functions go through critical handles, because jextract cannot emit linker options: they never block, never
/// call back and are bounded by the batch, so they may hold up a safepoint for that long. What may block goes through
/// ordinary handles. Those of functions that move frames are built here, all others are jextract's.
///
/// Now and then a burst call, too, goes through the ordinary handle ([FrameBatch#ordinaryCallDue()]). The compiler takes a
/// call in a loop for a safepoint, and leaves out the loop's own; a critical call is none. A thread that does nothing but
/// look for frames would keep the garbage collector, and every other thread with it, waiting for ever.
///
/// A pool lies in an automatic arena, which is there for as long as somebody who calls can reach it: a pool that is closed
/// meanwhile answers `FERRY_ECLOSED` from memory that is still mapped. [NativeLibrary#require()] comes first.
final class NativeGate {
    private NativeGate() {
    }

    /// Addresses go as numbers. With segments the JDK would hold and let go of their arenas around the call, in Java: then
    /// a stack could overflow, and the result be lost, after the call has moved frames. So the memory is for the callers to
    /// keep reachable: an object of theirs has it, and is used after the call.
    private static MethodHandle handle(MemorySegment address, FunctionDescriptor descriptor, Linker.Option... options) {
        MemoryLayout[] arguments = descriptor.argumentLayouts().stream()
                .map(layout -> layout instanceof AddressLayout ? ValueLayout.JAVA_LONG : layout)
                .toArray(MemoryLayout[]::new);
        return Linker.nativeLinker().downcallHandle(address,
                FunctionDescriptor.of(descriptor.returnLayout().orElseThrow(), arguments), options);
    }

    private static MethodHandle critical(MemorySegment address, FunctionDescriptor descriptor) {
        return handle(address, descriptor, Linker.Option.critical(false));
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

    // Each function in a holder of its own, so that it is built when first needed.

    private static final class Take {
        static final MethodHandle CRITICAL =
                critical(FerryBindings.ferry_pool_take$address(), FerryBindings.ferry_pool_take$descriptor());
        static final MethodHandle ORDINARY =
                handle(FerryBindings.ferry_pool_take$address(), FerryBindings.ferry_pool_take$descriptor());
    }

    private static final class Give {
        static final MethodHandle CRITICAL =
                critical(FerryBindings.ferry_pool_give$address(), FerryBindings.ferry_pool_give$descriptor());
        static final MethodHandle ORDINARY =
                handle(FerryBindings.ferry_pool_give$address(), FerryBindings.ferry_pool_give$descriptor());
    }

    private static final class GiveOne {
        static final MethodHandle CRITICAL =
                critical(FerryBindings.ferry_pool_give_one$address(), FerryBindings.ferry_pool_give_one$descriptor());
    }

    private static final class Receive {
        static final MethodHandle CRITICAL =
                critical(FerryBindings.ferry_bridge_receive$address(), FerryBindings.ferry_bridge_receive$descriptor());
        static final MethodHandle ORDINARY =
                handle(FerryBindings.ferry_bridge_receive$address(), FerryBindings.ferry_bridge_receive$descriptor());
    }

    private static final class Send {
        static final MethodHandle CRITICAL =
                critical(FerryBindings.ferry_bridge_send$address(), FerryBindings.ferry_bridge_send$descriptor());
        static final MethodHandle ORDINARY =
                handle(FerryBindings.ferry_bridge_send$address(), FerryBindings.ferry_bridge_send$descriptor());
    }

    private static final class Poll {
        static final MethodHandle ORDINARY =
                handle(FerryBindings.ferry_bridge_poll$address(), FerryBindings.ferry_bridge_poll$descriptor());
    }

    /// Sets up every function that the ends of a bridge call, while there is stack for it. The first call needs far more than
    /// the later ones, and a holder that runs out of stack in the middle can never be used again, by nobody.
    static void prepareEnds() {
        Stream.of(Take.CRITICAL, Give.CRITICAL, GiveOne.CRITICAL, Receive.CRITICAL, Send.CRITICAL, Poll.ORDINARY,
                FerryBindings.ferry_pool_wake$handle(), FerryBindings.ferry_bridge_wait$handle(),
                FerryBindings.ferry_bridge_wake$handle(),
                FerryBindings.ferry_bridge_interrupt$handle()).forEach(Objects::requireNonNull);
    }

    // What follows the call in each of them: stores, and no call; see DescriptorArray.

    /// {@return as `ferry_pool_take`, into that memory}
    static long take(MemorySegment pool, MemorySegment descriptors, int n, boolean ordinary) {
        long handle = pool.address();
        long memory = descriptors.address();
        try {
            return ordinary ? (long) Take.ORDINARY.invokeExact(handle, memory, n)
                    : (long) Take.CRITICAL.invokeExact(handle, memory, n);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// {@return as `ferry_pool_give`, from that memory}
    static long give(MemorySegment pool, MemorySegment descriptors, int n, boolean ordinary) {
        long handle = pool.address();
        long memory = descriptors.address();
        try {
            return ordinary ? (long) Give.ORDINARY.invokeExact(handle, memory, n)
                    : (long) Give.CRITICAL.invokeExact(handle, memory, n);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// {@return as `ferry_pool_give`; the batch is empty, whatever comes of it}
    static long give(MemorySegment pool, DescriptorArray batch, boolean ordinary) {
        long result = give(pool, batch.memory, batch.size(), ordinary);
        batch.size = 0;
        batch.epoch += DescriptorArray.TURNOVER;
        return result;
    }

    static long giveOne(MemorySegment pool, long descriptor) {
        try {
            return (long) GiveOne.CRITICAL.invokeExact(pool.address(), descriptor);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// {@return as `ferry_bridge_receive`; the batch has other frames, or none}
    static long receive(MemorySegment pool, int bridge, DescriptorArray batch, boolean ordinary) {
        long handle = pool.address();
        long memory = batch.memory.address();
        int previous = batch.size();
        int max = batch.capacity;
        try {
            long result = ordinary ? (long) Receive.ORDINARY.invokeExact(handle, bridge, memory, previous, max)
                    : (long) Receive.CRITICAL.invokeExact(handle, bridge, memory, previous, max);
            batch.size = result < 0 ? 0 : (int) result; // the low 32 bits are the count
            batch.epoch += DescriptorArray.TURNOVER;
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// {@return as `ferry_bridge_poll`; the batch has other frames, or none, unless `max` is 0: then it stays as it is}
    static long poll(MemorySegment pool, int bridge, DescriptorArray batch, int max, long nanos) {
        long handle = pool.address();
        long memory = batch.memory.address();
        int previous = max == 0 ? 0 : batch.size();
        try {
            long result = (long) Poll.ORDINARY.invokeExact(handle, bridge, memory, previous, max, nanos);
            if (max != 0) {
                batch.size = result < 0 ? 0 : (int) result; // as above
                batch.epoch += DescriptorArray.TURNOVER;
            }
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// {@return as `ferry_bridge_send`; the frames that were taken have left the batch}
    static long send(MemorySegment pool, int bridge, DescriptorArray batch, boolean ordinary) {
        long handle = pool.address();
        long memory = batch.memory.address();
        int n = batch.size();
        try {
            long result = ordinary ? (long) Send.ORDINARY.invokeExact(handle, bridge, memory, n)
                    : (long) Send.CRITICAL.invokeExact(handle, bridge, memory, n);
            if ((int) result > 0) {
                batch.gone = (int) result;
                batch.size = (int) result - n;
                batch.epoch += DescriptorArray.TURNOVER;
            }
            return result;
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
