// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the garbage collector makes of pools that nobody holds any more: mapped as long as anything can reach their
/// memory, unmapped after that. Looks into the process's own map, so a mistake shows before it is a fault.
class PoolCollectionTest {
    private static FramePool pool() {
        return FramePool.builder().frames(64).frameSize(64).build();
    }

    private static boolean isMapped(long address) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.map(line -> line.substring(0, line.indexOf(' ')).split("-"))
                    .anyMatch(range -> Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), address) <= 0
                            && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Collects until everything that was unreachable at the call has been cleaned up.
    private static void collect() throws InterruptedException {
        AtomicBoolean cleaned = new AtomicBoolean();
        Arena.ofAuto().allocate(8).reinterpret(Arena.ofAuto(), _ -> cleaned.set(true));
        Elsewhere.until(() -> {
            System.gc();
            return cleaned.get();
        });
    }

    private static MemorySegment memoryOfALostPool() {
        FramePool pool = pool();
        Audits.assertAtRest(pool);
        pool.memory().set(ValueLayout.JAVA_LONG, 640, 42);
        return pool.memory();
    }

    @Test
    void memoryOutlivesAnUnreachablePool() throws InterruptedException {
        MemorySegment memory = memoryOfALostPool();
        collect();
        collect();
        assertTrue(isMapped(memory.address()), "the memory is gone under a segment that can be reached");
        assertEquals(42, memory.get(ValueLayout.JAVA_LONG, 640));
        Reference.reachabilityFence(memory);
    }

    @Test
    void anUnreachablePoolIsUnmapped() throws InterruptedException {
        long address = memoryOfALostPool().address();
        Elsewhere.until(() -> {
            System.gc();
            return !isMapped(address);
        });
    }

    @Test
    void aClosedPoolStaysMappedAsLongAsItCanBeReached() throws InterruptedException {
        FramePool pool = pool();
        Audits.assertAtRest(pool);
        FrameBatch batch = pool.newBatch(4);
        pool.lease(batch, 4);
        batch.release();
        pool.close();
        collect();
        collect();
        assertTrue(isMapped(pool.control().address()));
        assertThrows(ClosedException.class, () -> pool.lease(pool.newBatch(1), 1));
        Reference.reachabilityFence(pool);
    }

    @Test
    void aClosedPoolIsUnmappedAfterThat() throws InterruptedException {
        long address = closedPool();
        Elsewhere.until(() -> {
            System.gc();
            return !isMapped(address);
        });
    }

    private static long closedPool() {
        FramePool pool = pool();
        Audits.assertAtRest(pool);
        pool.close();
        return pool.control().address();
    }
}
