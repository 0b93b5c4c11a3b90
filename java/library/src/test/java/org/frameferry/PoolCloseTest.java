// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What is left of a pool that is closed: errors that name themselves, in every thread and however late. That nothing
/// crashes is part of each test here: a fault would end the whole run.
class PoolCloseTest {
    private static FramePool pool() {
        return FramePool.builder().frames(64).frameSize(64).build();
    }

    private static void assertClosed(Executable use) {
        String message = assertThrows(ClosedException.class, use).getMessage();
        assertTrue(message.matches("pool-\\d+ \\(64 frames of 64 bytes\\) is closed"), message);
    }

    @Test
    void everyUseOfAClosedPoolSaysSo() {
        FramePool pool = pool();
        FrameBatch batch = pool.newBatch(4);
        Audits.assertAtRest(pool);
        assertFalse(pool.isClosed());
        pool.close();
        assertTrue(pool.isClosed());
        assertClosed(() -> pool.lease(batch, 1));
        assertClosed(() -> pool.lease(batch, 0));
        assertClosed(pool::audit);
        assertClosed(() -> Bridge.open(pool, Way.ANY_PORT));
        assertEquals(0, batch.size());
        assertEquals(64, pool.frames());
        assertEquals(64, pool.frameSize());
        assertEquals(128, pool.headroom());
        assertEquals(320, pool.stride());
        assertClosed(() -> pool.lease(pool.newBatch(4), 4));
    }

    @Test
    void closingTwiceDoesNothing() {
        FramePool pool = pool();
        Audits.assertAtRest(pool);
        pool.close();
        assertDoesNotThrow(pool::close);
        assertTrue(pool.isClosed());
    }

    @Test
    void memoryOfAClosedPoolThrows() {
        FramePool pool = pool();
        MemorySegment memory = pool.memory();
        MemorySegment slice = memory.asSlice(64, 64);
        ByteBuffer buffer = memory.asByteBuffer();
        Audits.assertAtRest(pool);
        pool.close();
        assertFalse(memory.scope().isAlive());
        assertThrows(IllegalStateException.class, () -> memory.get(ValueLayout.JAVA_LONG, 0));
        assertThrows(IllegalStateException.class, () -> memory.set(ValueLayout.JAVA_LONG, 0, 1));
        assertThrows(IllegalStateException.class, () -> slice.fill((byte) 1));
        assertThrows(IllegalStateException.class, () -> slice.toArray(ValueLayout.JAVA_BYTE));
        assertThrows(IllegalStateException.class, () -> buffer.get(0));
    }

    @Test
    void leasesKeepTheirPoolOpen() {
        FramePool pool = pool();
        FrameBatch batch = pool.newBatch(4);
        Audits.assertAtRest(pool);
        pool.lease(batch, 4);
        Frame detached = batch.detach(0);
        Frame cursor = batch.get(0);
        String message = assertThrows(LeasesOutstandingException.class, pool::close).getMessage();
        assertTrue(message.contains("4 of its 64 frames are leased"), message);
        assertFalse(pool.isClosed());
        assertEquals(4, pool.audit().leased());
        cursor.tag(1);
        detached.release();
        assertThrows(LeasesOutstandingException.class, pool::close);
        assertEquals(1, pool.lease(batch, 1), "the pool can be used as before");
        batch.release();
        assertThrows(FrameReleasedException.class, cursor::tag);
        Audits.assertAtRest(pool);
        pool.close();
        assertThrows(FrameReleasedException.class, detached::release);
        assertDoesNotThrow(batch::close);
    }

    /// Readers, writers and copiers run into the close, each at whatever point it has reached.
    @Test
    void closeUnderThreadsThatAccessTheMemory() throws Exception {
        for (int round = 0; round < 20; round++) {
            FramePool pool = pool();
            Audits.assertAtRest(pool);
            MemorySegment memory = pool.memory();
            byte[] copy = new byte[4096];
            List<Elsewhere<RuntimeException>> threads = new ArrayList<>();
            AtomicLong accesses = new AtomicLong();
            threads.add(untilItThrows(accesses, () -> memory.get(ValueLayout.JAVA_LONG, 64)));
            threads.add(untilItThrows(accesses, () -> memory.set(ValueLayout.JAVA_LONG, 128, 1)));
            threads.add(untilItThrows(accesses,
                    () -> MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, copy, 0, copy.length)));
            Elsewhere.until(() -> accesses.get() > 1000);
            pool.close();
            for (Elsewhere<RuntimeException> thread : threads) {
                assertEquals(IllegalStateException.class, thread.result().getClass());
            }
        }
    }

    @Test
    void closeUnderThreadsThatLeaseAndAudit() throws Exception {
        for (int round = 0; round < 20; round++) {
            FramePool pool = pool();
            Audits.assertAtRest(pool);
            List<Elsewhere<RuntimeException>> threads = new ArrayList<>();
            AtomicLong rounds = new AtomicLong();
            threads.add(untilItThrows(rounds, pool::audit));
            for (int t = 0; t < 2; t++) {
                FrameBatch batch = pool.newBatch(16);
                threads.add(untilItThrows(rounds, () -> {
                    pool.lease(batch, 16 - batch.size());
                    if (!batch.isEmpty()) {
                        batch.detach(0).release();
                    }
                    batch.release();
                }));
            }
            Elsewhere.until(() -> rounds.get() > 1000);
            Audits.closeUnderUse(pool);
            for (Elsewhere<RuntimeException> thread : threads) {
                assertInstanceOf(ClosedException.class, thread.result());
            }
        }
    }

    private static Elsewhere<RuntimeException> untilItThrows(AtomicLong rounds, Runnable use) {
        return Elsewhere.start(() -> {
            try {
                while (true) {
                    use.run();
                    rounds.incrementAndGet();
                }
            } catch (RuntimeException e) {
                return e;
            }
        });
    }

    /// While the JDK lends the memory to native code it cannot be taken away: the close fails, and may be repeated.
    @Test
    void closeInTheMiddleOfANativeOperation() throws Throwable {
        FramePool pool = pool();
        Audits.assertAtRest(pool);
        Bridge bridge = Bridge.open(pool, Way.ANY_PORT);
        List<RuntimeException> thrown = new ArrayList<>();
        MethodHandle callback = MethodHandles.insertArguments(MethodHandles.lookup().findStatic(PoolCloseTest.class,
                "closeAndCompare", MethodType.methodType(int.class, FramePool.class, List.class, MemorySegment.class,
                        MemorySegment.class)), 0, pool, thrown);
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            MemorySegment compare = linker.upcallStub(callback, FunctionDescriptor.of(ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS, ValueLayout.ADDRESS), arena);
            MethodHandle qsort = linker.downcallHandle(linker.defaultLookup().findOrThrow("qsort"),
                    FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS));
            qsort.invokeExact(pool.memory(), 2L, 1L, compare);
        }
        assertEquals(1, thrown.size());
        assertEquals(IllegalStateException.class, thrown.getFirst().getClass());
        assertFalse(pool.isClosed());
        assertTrue(bridge.isClosed());
        Audits.assertAtRest(pool);
        pool.close();
        assertTrue(pool.isClosed());
        assertClosed(pool::audit);
    }

    private static int closeAndCompare(FramePool pool, List<RuntimeException> thrown, MemorySegment one,
            MemorySegment two) {
        try {
            pool.close();
        } catch (RuntimeException e) {
            thrown.add(e);
        }
        return Long.compare(one.address(), two.address());
    }
}
