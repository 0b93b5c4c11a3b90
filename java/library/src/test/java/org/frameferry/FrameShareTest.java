// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Several holders of one frame, and copies in and out of frames.
class FrameShareTest {
    private static final byte[] BYTES = {1, 2, 3, 4, 5, 6, 7, 8};

    private static FramePool pool(LeakTracking tracking) {
        return FramePool.builder().frames(4).frameSize(100).leakTracking(tracking).build();
    }

    @ParameterizedTest
    @EnumSource
    void theLastReleaseGivesTheFrameBack(LeakTracking tracking) {
        try (FramePool pool = pool(tracking); Audits _ = Audits.of(pool)) {
            for (int round = 0; round < 3; round++) {
                Frame first = pool.lease().copyIn(BYTES);
                List<Frame> holders = new ArrayList<>(List.of(first, first.share(), first.share()));
                holders.add(holders.get(1).share());
                assertEquals(1, pool.audit().leased(), "a shared frame counts once");
                while (!holders.isEmpty()) {
                    assertEquals(holders.size() > 1, holders.getFirst().isShared());
                    Frame holder = holders.remove(holders.size() / 2);
                    assertEquals(8, holder.length());
                    holder.release();
                    assertThrows(FrameReleasedException.class, holder::release);
                    assertThrows(FrameReleasedException.class, holder::length);
                    assertThrows(FrameReleasedException.class, holder::share);
                    assertEquals(holders.isEmpty() ? 0 : 1, pool.audit().leased());
                }
            }
        }
    }

    @Test
    void eachHolderHasItsOwnWindow() {
        try (FramePool pool = pool(LeakTracking.OFF); Audits _ = Audits.of(pool); Frame one = pool.lease().copyIn(BYTES);
             Frame two = one.share()) {
            one.pull(2).trim(3);
            two.trim(7);
            byte[] target = new byte[8];
            assertEquals(3, one.copyOut(target, 1));
            assertArrayEquals(new byte[] {0, 3, 4, 5, 0, 0, 0, 0}, target);
            assertEquals(7, two.length());
        }
    }

    @Test
    void nobodyWritesASharedFrame() {
        try (FramePool pool = pool(LeakTracking.OFF); Audits _ = Audits.of(pool); Frame one = pool.lease().copyIn(BYTES);
             FrameBatch batch = pool.newBatch(1)) {
            Frame two = one.share();
            for (Frame frame : new Frame[] {one, two}) {
                assertTrue(frame.memory().isReadOnly());
                assertEquals(1, frame.memory().get(ValueLayout.JAVA_BYTE, frame.offset()));
                assertThrows(IllegalArgumentException.class,
                        () -> frame.memory().set(ValueLayout.JAVA_BYTE, frame.offset(), (byte) 1));
                assertThrows(FrameSharedException.class, () -> frame.tag(1));
                assertThrows(FrameSharedException.class,
                        () -> frame.peer(Peer.of(new InetSocketAddress("127.0.0.1", 9))));
                assertThrows(FrameSharedException.class, () -> frame.copyIn(BYTES));
                assertThrows(FrameSharedException.class, () -> batch.add(frame));
                assertEquals(8, frame.length(), "nothing has changed");
            }
            two.release();
            assertFalse(one.memory().isReadOnly());
            one.tag(1).copyIn(BYTES);
            assertEquals(16, one.length());
        }
    }

    @Test
    void handedOnWhenItIsOnesOwnAgain() {
        try (FramePool pool = pool(LeakTracking.EVERY); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(1)) {
            Frame one = pool.lease();
            one.share().release();
            batch.add(one);
            assertThrows(FrameReleasedException.class, one::release);
            assertThrows(IllegalArgumentException.class, () -> batch.get(0).share());
        }
    }

    @Test
    void copiedInAndOut() {
        try (FramePool pool = pool(LeakTracking.OFF); Audits _ = Audits.of(pool); Arena arena = Arena.ofConfined();
             Frame frame = pool.lease()) {
            ByteBuffer heap = ByteBuffer.wrap(BYTES).position(2).limit(4);
            ByteBuffer direct = ByteBuffer.allocateDirect(4).put(0, BYTES, 4, 4);
            MemorySegment segment = arena.allocate(2);
            frame.reserve(10).copyIn(BYTES, 0, 2).copyIn(heap).copyIn(direct).copyIn(segment);
            assertEquals(138, frame.headroom());
            assertFalse(heap.hasRemaining() || direct.hasRemaining());
            byte[] expected = {1, 2, 3, 4, 5, 6, 7, 8, 0, 0};
            byte[] array = new byte[10];
            assertEquals(10, frame.copyOut(array, 0));
            assertArrayEquals(expected, array);
            ByteBuffer buffer = ByteBuffer.allocate(12).position(1);
            assertEquals(10, frame.copyOut(buffer));
            assertEquals(11, buffer.position());
            assertArrayEquals(expected, Arrays.copyOfRange(buffer.array(), 1, 11));
            MemorySegment target = arena.allocate(10);
            assertEquals(10, frame.copyOut(target));
            assertArrayEquals(expected, target.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void copiesStayWithinBounds() {
        try (FramePool pool = pool(LeakTracking.OFF); Audits _ = Audits.of(pool); Frame frame = pool.lease()) {
            byte[] tooMuch = new byte[frame.tailroom() + 1];
            assertThrows(IndexOutOfBoundsException.class, () -> frame.copyIn(tooMuch));
            assertThrows(IndexOutOfBoundsException.class, () -> frame.copyIn(ByteBuffer.wrap(tooMuch)));
            assertThrows(IndexOutOfBoundsException.class, () -> frame.copyIn(MemorySegment.ofArray(tooMuch)));
            assertThrows(IndexOutOfBoundsException.class, () -> frame.copyIn(BYTES, 1, 8));
            assertThrows(IndexOutOfBoundsException.class, () -> frame.copyIn(BYTES, -1, 2));
            assertEquals(0, frame.length(), "nothing has changed");
            frame.copyIn(BYTES);
            assertThrows(IndexOutOfBoundsException.class, () -> frame.copyOut(new byte[8], 1));
            assertThrows(IndexOutOfBoundsException.class, () -> frame.copyOut(ByteBuffer.allocate(7)));
            assertThrows(IndexOutOfBoundsException.class, () -> frame.copyOut(MemorySegment.ofArray(new byte[7])));
            assertThrows(IllegalStateException.class, () -> frame.reserve(1), "it has data");
            frame.trim(0);
            assertThrows(IndexOutOfBoundsException.class, () -> frame.reserve(frame.tailroom() + 1));
            assertThrows(IllegalArgumentException.class, () -> frame.reserve(-1));
            int tailroom = frame.tailroom();
            assertEquals(0, frame.reserve(tailroom).tailroom());
        }
    }
}
