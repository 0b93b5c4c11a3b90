// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Leasing frames from a pool and giving them back, from one thread and from many.
class FramePoolTest {
    private static FramePool pool(int frames) {
        return FramePool.builder().frames(frames).frameSize(64).headroom(64).build();
    }

    private static PoolAudit audit(int frames, int leased) {
        return new PoolAudit(frames, frames - leased, 0, 0, 0, leased, 0, 0);
    }

    /// Whether free frames lie in the depot or in this thread's magazine is not said.
    private static void assertLeased(FramePool pool, int leased) {
        PoolAudit audit = pool.audit();
        assertEquals(new PoolAudit(pool.frames(), pool.frames() - leased - audit.cached(), audit.cached(), 0, 0, leased,
                0, 0), audit);
    }

    @Test
    void aLeasedFrameIsEmptyAndAtItsHeadroom() {
        try (FramePool pool = pool(4); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(4)) {
            assertEquals(3, pool.lease(batch, 3));
            assertEquals(3, batch.size());
            assertEquals(audit(4, 3), pool.audit());
            for (Frame frame : batch) {
                assertEquals(0, frame.length());
                assertEquals(64, frame.headroom());
                assertEquals(frame.metadataOffset() + 128, frame.offset());
                assertThrows(IllegalStateException.class, frame::peer);
            }
            batch.release();
            assertEquals(audit(4, 0), pool.audit());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 1000})
    void untilNothingIsLeft(int frames) {
        try (FramePool pool = pool(frames); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(1024)) {
            assertEquals(frames, pool.lease(batch, 1024));
            assertEquals(0, pool.lease(batch, 1024 - frames));
            assertEquals(audit(frames, frames), pool.audit());
            boolean[] seen = new boolean[frames];
            for (Frame frame : batch) {
                int index = (int) (frame.metadataOffset() / pool.stride());
                assertFalse(seen[index], "frame " + index + " was leased twice");
                seen[index] = true;
            }
            batch.release();
            assertEquals(Math.min(2, frames), pool.lease(batch, 2));
        }
    }

    @Test
    void appendsToWhatTheBatchHolds() {
        try (FramePool pool = pool(8); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(8)) {
            pool.lease(batch, 2);
            Numbered.write(batch.get(0), 10);
            Numbered.write(batch.get(1), 11);
            assertEquals(3, pool.lease(batch, 3));
            assertEquals(5, batch.size());
            assertEquals(10, Numbered.read(batch.get(0)));
            assertEquals(11, Numbered.read(batch.get(1)));
            assertEquals(0, batch.get(2).length());
            assertEquals(0, pool.lease(batch, 0));
            assertEquals(3, pool.lease(batch, 3));
            assertEquals(0, pool.lease(batch, 0), "none into a full batch");
            assertEquals(audit(8, 8), pool.audit());
        }
    }

    @Test
    void noMoreThanTheBatchHasRoomFor() {
        try (FramePool pool = pool(8); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(4)) {
            pool.lease(batch, 3);
            for (int n : new int[] {2, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertEquals("n " + n + " is not in 0 .. 1, the room left in a batch of 4",
                        assertThrows(IllegalArgumentException.class, () -> pool.lease(batch, n)).getMessage());
            }
            assertEquals(3, batch.size());
            assertEquals(audit(8, 3), pool.audit());
        }
    }

    @Test
    void theNextUserSeesNoPeer() {
        try (FramePool pool = pool(1); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(1)) {
            pool.lease(batch, 1);
            batch.get(0).peer(Peer.of(new InetSocketAddress("127.0.0.1", 9)));
            batch.release();
            pool.lease(batch, 1);
            assertThrows(IllegalStateException.class, () -> batch.get(0).peer());
        }
    }

    @Test
    void framesDoNotOverlap() {
        try (FramePool pool = pool(100); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(100)) {
            pool.lease(batch, 100);
            int i = 0;
            for (Frame frame : batch) {
                frame.push(frame.headroom()).put(frame.tailroom()).tag(i);
                frame.memory().asSlice(frame.offset(), frame.length()).fill((byte) i++);
            }
            i = 0;
            for (Frame frame : batch) {
                assertEquals(i, frame.tag());
                byte[] bytes = frame.memory().asSlice(frame.offset(), frame.length()).toArray(ValueLayout.JAVA_BYTE);
                for (byte b : bytes) {
                    assertEquals((byte) i, b);
                }
                i++;
            }
        }
    }

    @Test
    void auditsTellLeasedFromFreeExactly() {
        try (FramePool pool = pool(200); Audits _ = Audits.of(pool);
             FrameBatch one = pool.newBatch(100); FrameBatch two = pool.newBatch(100)) {
            pool.lease(one, 70);
            pool.lease(two, 90);
            Frame detached = one.detach(69);
            assertLeased(pool, 160);
            two.release();
            assertLeased(pool, 70);
            detached.release();
            assertLeased(pool, 69);
            assertTrue(pool.audit().sound());
        }
    }

    @Test
    void anAuditIsSoundOnlyWithoutDuplicatesAndCorruption() {
        assertTrue(new PoolAudit(1, 1, 0, 0, 0, 0, 0, 0).sound());
        assertFalse(new PoolAudit(1, 1, 0, 0, 0, 0, 1, 0).sound());
        assertFalse(new PoolAudit(1, 1, 0, 0, 0, 0, 0, 1).sound());
    }

    /// Every thread writes its mark into what it leased, and finds it untouched: nobody else had the frame.
    @Test
    void manyThreadsLeaseAndRelease() throws Exception {
        try (FramePool pool = pool(300); Audits _ = Audits.of(pool)) {
            List<Elsewhere<Void>> threads = new ArrayList<>();
            for (long t = 1; t <= 4; t++) {
                long mark = t << 32;
                threads.add(Elsewhere.start(() -> leaseAndCheck(pool, mark)));
            }
            for (Elsewhere<Void> thread : threads) {
                thread.result();
            }
        }
    }

    private static Void leaseAndCheck(FramePool pool, long mark) {
        try (FrameBatch batch = pool.newBatch(128)) {
            int round = 0;
            for (long left = 200_000; left > 0; round++) {
                left -= pool.lease(batch, 1 + round % 128);
                for (Frame frame : batch) {
                    frame.tag(mark + round);
                }
                for (Frame frame : batch) {
                    assertEquals(mark + round, frame.tag());
                }
                batch.release();
            }
        }
        return null;
    }

    @Test
    void aPoolOfAnotherBatch() {
        try (FramePool pool = pool(2); Audits _ = Audits.of(pool);
             FramePool other = pool(2); Audits _ = Audits.of(other); FrameBatch batch = other.newBatch(2)) {
            assertEquals("a batch of another pool cannot be used here",
                    assertThrows(ForeignFrameException.class, () -> pool.lease(batch, 1)).getMessage());
        }
    }

    @Test
    void withoutBridgesNoneCanBeOpened() {
        try (FramePool pool = FramePool.builder().frames(4).bridges(0).build(); Audits _ = Audits.of(pool)) {
            FerryException e = assertThrows(FerryException.class, () -> Bridge.open(pool, Way.ANY_PORT));
            assertEquals("FERRY_EFULL", e.error());
            assertTrue(e.getMessage().contains("; raise FramePoolBuilder.bridges"), e.getMessage());
        }
    }

    @Test
    void memoryThatTheSystemDoesNotHave() throws IOException {
        String overcommit = Files.readString(Path.of("/proc/sys/vm/overcommit_memory")).strip();
        assumeTrue(memory() < 1L << 40 && !overcommit.equals("1"), "this system grants a tebibyte");
        FerryException e = assertThrows(FerryException.class,
                () -> FramePool.builder().frames(1 << 20).frameSize(1 << 20).build());
        assertEquals("FERRY_ENOMEM", e.error());
        assertEquals("cannot open a pool of 1048576 frames of 1048576 bytes: out of memory (FERRY_ENOMEM); "
                + "ask for fewer or smaller frames", e.getMessage());
    }

    /// {@return the bytes of memory and swap space}
    private static long memory() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemTotal") || line.startsWith("SwapTotal"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).sum();
        }
    }
}
