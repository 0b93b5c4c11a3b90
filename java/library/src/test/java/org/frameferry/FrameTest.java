// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// One frame: its window, the bounds of its four operations, and its metadata line. [FramePropertyTest] has the same
/// operations at random.
class FrameTest {
    private static final int HEADROOM = 128;
    private static final int TAILROOM = 2240 - 64 - HEADROOM;
    private static final Peer PEER = Peer.of(new InetSocketAddress("127.0.0.1", 5201));

    private final FramePool pool = FramePool.builder().frames(8).frameSize(2048).headroom(HEADROOM).build();
    private final FrameBatch batch = pool.newBatch(8);

    @AfterEach
    void audit() {
        batch.close();
        Audits.assertAtRest(pool);
        pool.close();
    }

    private Frame lease() {
        pool.lease(batch, 1);
        return batch.get(batch.size() - 1);
    }

    private static void assertWindow(Frame frame, int headroom, int length, int tailroom) {
        assertEquals(headroom, frame.headroom(), "headroom");
        assertEquals(length, frame.length(), "length");
        assertEquals(tailroom, frame.tailroom(), "tailroom");
        assertEquals(headroom + length + tailroom, frame.capacity(), "capacity");
        assertEquals(frame.metadataOffset() + 64 + headroom, frame.offset(), "offset");
    }

    private static void assertBounds(String message, Executable use) {
        assertEquals(message, assertThrows(IndexOutOfBoundsException.class, use).getMessage());
    }

    @Test
    void eachOperationMovesOneEdge() {
        Frame frame = lease();
        assertWindow(frame, HEADROOM, 0, TAILROOM);
        assertSame(frame, frame.put(100));
        assertWindow(frame, HEADROOM, 100, TAILROOM - 100);
        assertSame(frame, frame.push(28));
        assertWindow(frame, HEADROOM - 28, 128, TAILROOM - 100);
        assertSame(frame, frame.pull(48));
        assertWindow(frame, HEADROOM + 20, 80, TAILROOM - 100);
        assertSame(frame, frame.trim(30));
        assertWindow(frame, HEADROOM + 20, 30, TAILROOM - 50);
        assertWindow(frame.put(0).push(0).pull(0).trim(30), HEADROOM + 20, 30, TAILROOM - 50);
        assertWindow(frame.pull(30), HEADROOM + 50, 0, TAILROOM - 50);
    }

    @Test
    void toTheVeryEdges() {
        Frame frame = lease().put(TAILROOM).push(HEADROOM);
        assertWindow(frame, 0, HEADROOM + TAILROOM, 0);
        assertBounds("put(1): the frame has 0 bytes of tailroom", () -> frame.put(1));
        assertBounds("push(1): the frame has 0 bytes of headroom", () -> frame.push(1));
        assertWindow(frame.pull(HEADROOM + TAILROOM), HEADROOM + TAILROOM, 0, 0);
        assertBounds("pull(1): the frame has 0 bytes of data", () -> frame.pull(1));
        assertBounds("trim(1): the frame has 0 bytes of data", () -> frame.trim(1));
        assertWindow(frame.push(HEADROOM + TAILROOM).trim(0), 0, 0, HEADROOM + TAILROOM);
    }

    @Test
    void oneByteBeyondIsRefusedAndChangesNothing() {
        Frame frame = lease().put(100);
        assertBounds("put(1949): the frame has 1948 bytes of tailroom", () -> frame.put(TAILROOM - 99));
        assertBounds("push(129): the frame has 128 bytes of headroom", () -> frame.push(129));
        assertBounds("pull(101): the frame has 100 bytes of data", () -> frame.pull(101));
        assertBounds("trim(101): the frame has 100 bytes of data", () -> frame.trim(101));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.put(Integer.MAX_VALUE));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.push(Integer.MAX_VALUE));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.pull(Integer.MAX_VALUE));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.trim(Integer.MAX_VALUE));
        for (int n : new int[] {-1, Integer.MIN_VALUE}) {
            assertEquals("put(" + n + "): a size cannot be negative",
                    assertThrows(IllegalArgumentException.class, () -> frame.put(n)).getMessage());
            assertThrows(IllegalArgumentException.class, () -> frame.push(n));
            assertThrows(IllegalArgumentException.class, () -> frame.pull(n));
            assertThrows(IllegalArgumentException.class, () -> frame.trim(n));
        }
        assertWindow(frame, HEADROOM, 100, TAILROOM - 100);
    }

    @Test
    void theBatchFollowsItsCursor() {
        lease();
        lease().put(10).push(4);
        batch.get(0).put(7);
        assertWindow(batch.get(1), HEADROOM - 4, 14, TAILROOM - 10);
        assertWindow(batch.get(0), HEADROOM, 7, TAILROOM - 7);
        try (Frame detached = batch.detach(1)) {
            assertWindow(detached, HEADROOM - 4, 14, TAILROOM - 10);
            assertWindow(detached.pull(4), HEADROOM, 10, TAILROOM - 10);
            assertWindow(batch.get(0), HEADROOM, 7, TAILROOM - 7);
        }
    }

    @Test
    void aDetachedFrameTakesItsWindowAlong() {
        lease().put(50);
        Frame detached = batch.detach(0);
        detached.pull(20).put(5);
        batch.add(detached);
        assertWindow(batch.get(0), HEADROOM + 20, 35, TAILROOM - 55);
    }

    @Test
    void payloadStaysWhereItIs() {
        Frame frame = Numbered.write(lease(), 77);
        MemorySegment memory = frame.memory();
        assertSame(pool.memory(), memory);
        long start = frame.offset();
        frame.push(2);
        assertEquals(start - 2, frame.offset());
        memory.set(ValueLayout.JAVA_BYTE, frame.offset(), (byte) 0x55);
        memory.set(ValueLayout.JAVA_BYTE, frame.offset() + 1, (byte) 0x66);
        assertEquals(77, Numbered.read(frame.pull(2)));
        assertEquals((byte) 0x55, memory.get(ValueLayout.JAVA_BYTE, start - 2));
    }

    @Test
    void tagTravelsWithTheFrame() {
        assertEquals(Long.MIN_VALUE, lease().tag(Long.MIN_VALUE).tag());
        try (Frame detached = batch.detach(0)) {
            assertEquals(Long.MIN_VALUE, detached.tag());
            assertSame(detached, detached.tag(-1));
            assertEquals(-1, detached.tag());
        }
    }

    @Test
    void peerOfAFrame() {
        Frame frame = lease();
        IllegalStateException e = assertThrows(IllegalStateException.class, frame::peer);
        assertEquals("the frame has no peer: none was set since it was leased", e.getMessage());
        assertFalse(frame.isFrom(PEER));
        assertSame(frame, frame.peer(PEER));
        assertEquals(PEER, frame.peer());
        assertTrue(frame.isFrom(PEER));
        assertFalse(frame.isFrom(Peer.of(new InetSocketAddress("127.0.0.1", 5202))));
        assertThrows(NullPointerException.class, () -> frame.peer(null));
        assertEquals(PEER, frame.peer());
    }

    @Test
    void peerStaysWithTheFrame() {
        assertEquals(PEER, lease().peer(PEER).put(8).push(4).pull(2).trim(1).peer());
        batch.add(batch.detach(0));
        assertEquals(PEER, batch.get(0).peer());
        try (Frame detached = batch.detach(0)) {
            assertTrue(detached.isFrom(PEER));
        }
    }

    @Test
    void metadataIsNoPartOfTheData() {
        Frame frame = lease().tag(0x1111).peer(PEER).put(TAILROOM).push(HEADROOM);
        frame.memory().asSlice(frame.offset(), frame.length()).fill((byte) -1);
        assertEquals(0x1111, frame.tag());
        assertEquals(PEER, frame.peer());
    }

    @Test
    void onlyDetachedFramesAreReleasedOneByOne() {
        Frame cursor = lease();
        String message = "this frame belongs to a batch: release the batch, or detach the frame";
        assertEquals(message, assertThrows(IllegalArgumentException.class, cursor::release).getMessage());
        assertEquals(message, assertThrows(IllegalArgumentException.class, cursor::close).getMessage());
        assertEquals(0, cursor.length());
        assertEquals(1, batch.size());
    }
}
