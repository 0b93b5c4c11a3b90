// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Bytes copied into frames and out of them, from and to arrays, buffers and segments; and room reserved in front.
class FrameCopyTest {
    private static final byte[] BYTES = {1, 2, 3, 4, 5, 6, 7, 8};

    private final FramePool pool = FramePool.builder().frames(4).frameSize(100).headroom(64).build();
    private final Frame frame = pool.lease();

    @AfterEach
    void audit() {
        frame.release();
        Audits.assertAtRest(pool);
        pool.close();
    }

    private byte[] data() {
        return frame.memory().asSlice(frame.offset(), frame.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    /// All 8 bytes, seen by their positions and limits alone.
    private static List<ByteBuffer> buffers() {
        byte[] padded = {0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0};
        return List.of(ByteBuffer.wrap(padded).position(2).limit(10),
                ByteBuffer.wrap(padded, 1, 10).slice().position(1).limit(9),
                ByteBuffer.wrap(padded).asReadOnlyBuffer().position(2).limit(10),
                ByteBuffer.allocateDirect(11).put(0, padded).position(2).limit(10));
    }

    @Test
    void arraysGoIn() {
        frame.copyIn(BYTES).copyIn(BYTES, 2, 3).copyIn(new byte[0]).copyIn(BYTES, 8, 0);
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 3, 4, 5}, data());
        assertEquals(64, frame.headroom());
    }

    @Test
    void buffersGoInFromPositionToLimit() {
        for (ByteBuffer buffer : buffers()) {
            int limit = buffer.limit();
            frame.trim(0).copyIn(buffer);
            assertArrayEquals(BYTES, data());
            assertEquals(limit, buffer.position());
            assertEquals(limit, buffer.limit());
            frame.copyIn(buffer);
            assertEquals(8, frame.length(), "nothing remained");
        }
    }

    @Test
    void segmentsGoIn() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment off = arena.allocateFrom(ValueLayout.JAVA_BYTE, BYTES);
            frame.copyIn(off).copyIn(MemorySegment.ofArray(BYTES).asSlice(3, 2).asReadOnly()).copyIn(off.asSlice(7));
            assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 4, 5, 8}, data());
        }
    }

    @Test
    void whatIsInComesOut() {
        frame.copyIn(BYTES).pull(1).trim(6);
        byte[] expected = Arrays.copyOfRange(BYTES, 1, 7);
        byte[] array = new byte[9];
        assertEquals(6, frame.copyOut(array, 2));
        assertArrayEquals(new byte[] {0, 0, 2, 3, 4, 5, 6, 7, 0}, array);
        for (ByteBuffer buffer : List.of(ByteBuffer.allocate(10), ByteBuffer.allocateDirect(10))) {
            assertEquals(6, frame.copyOut(buffer.position(3)));
            assertEquals(9, buffer.position());
            assertEquals(10, buffer.limit());
            byte[] out = new byte[6];
            buffer.get(3, out);
            assertArrayEquals(expected, out);
            assertEquals(0, buffer.get(2) + buffer.get(9), "nothing beside them");
        }
        MemorySegment segment = MemorySegment.ofArray(new byte[7]);
        assertEquals(6, frame.copyOut(segment));
        assertEquals(-1, segment.asSlice(0, 6).mismatch(MemorySegment.ofArray(expected)));
        assertEquals(0, segment.get(ValueLayout.JAVA_BYTE, 6));
        assertEquals(6, frame.length(), "they are still in");
    }

    @Test
    void fromFrameToFrame() {
        frame.copyIn(BYTES);
        try (Frame other = pool.lease()) {
            other.copyIn(frame.memory().asSlice(frame.offset(), frame.length()));
            byte[] out = new byte[8];
            other.copyOut(out, 0);
            assertArrayEquals(BYTES, out);
        }
    }

    @Test
    void throughTheCursorOfABatch() {
        try (FrameBatch batch = pool.newBatch(2)) {
            pool.lease(batch, 2);
            batch.get(1).reserve(10).copyIn(BYTES);
            assertEquals(0, batch.get(0).length());
            assertEquals(74, batch.get(1).headroom());
            byte[] out = new byte[8];
            assertEquals(8, batch.get(1).copyOut(out, 0));
            assertArrayEquals(BYTES, out);
        }
    }

    @Test
    void tooMuchIsRefusedAndChangesNothing() {
        frame.copyIn(BYTES);
        int room = frame.tailroom();
        byte[] most = new byte[room];
        byte[] tooMuch = new byte[room + 1];
        ByteBuffer buffer = ByteBuffer.wrap(tooMuch);
        MemorySegment huge = MemorySegment.NULL.reinterpret(1L << 32);
        assertEquals("put(" + (room + 1) + "): the frame has " + room + " bytes of tailroom",
                assertThrows(IndexOutOfBoundsException.class, () -> frame.copyIn(tooMuch)).getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> frame.copyIn(buffer));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.copyIn(MemorySegment.ofArray(tooMuch)));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.copyIn(huge));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.copyIn(BYTES, 1, 8));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.copyIn(BYTES, -1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.copyIn(BYTES, 0, -1));
        assertThrows(NullPointerException.class, () -> frame.copyIn((byte[]) null));
        assertEquals(0, buffer.position());
        assertArrayEquals(BYTES, data());
        assertEquals(0, frame.copyIn(most).tailroom(), "just fits");
    }

    @Test
    void tooLittleRoomIsRefusedAndChangesNothing() {
        frame.copyIn(BYTES);
        byte[] array = new byte[8];
        ByteBuffer buffer = ByteBuffer.allocate(8).position(1);
        MemorySegment segment = MemorySegment.ofArray(new byte[7]);
        assertThrows(IndexOutOfBoundsException.class, () -> frame.copyOut(array, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.copyOut(array, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.copyOut(buffer));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.copyOut(segment));
        assertArrayEquals(new byte[8], array);
        assertArrayEquals(new byte[8], buffer.array());
        assertEquals(1, buffer.position());
        assertArrayEquals(new byte[7], segment.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void aSourceThatThrowsChangesNothing() {
        Arena arena = Arena.ofConfined();
        MemorySegment closed = arena.allocate(8);
        arena.close();
        assertThrows(IllegalStateException.class, () -> frame.copyIn(closed));
        assertEquals(0, frame.length());
    }

    @Test
    void readOnlyTargetsAreRefused() {
        frame.copyIn(BYTES);
        ByteBuffer buffer = ByteBuffer.allocate(8).asReadOnlyBuffer();
        assertThrows(IllegalArgumentException.class, () -> frame.copyOut(buffer));
        assertEquals(0, buffer.position());
    }

    @Test
    void roomIsReservedBeforeTheFirstByte() {
        int room = frame.tailroom();
        assertThrows(IllegalArgumentException.class, () -> frame.reserve(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.reserve(room + 1));
        frame.reserve(0).reserve(10).reserve(6);
        assertEquals(80, frame.headroom());
        assertEquals(room - 16, frame.tailroom());
        assertEquals(0, frame.length());
        frame.copyIn(BYTES).push(80);
        assertEquals(88, frame.length());
        assertEquals("reserve(1): the frame has 88 bytes of data already; reserve before the first put",
                assertThrows(IllegalStateException.class, () -> frame.reserve(1)).getMessage());
        frame.trim(0);
        assertEquals(0, frame.reserve(frame.tailroom()).tailroom());
    }

    @Test
    void ofAReleasedFrameNothing() {
        Frame gone = pool.lease().copyIn(BYTES);
        gone.release();
        byte[] array = new byte[8];
        ByteBuffer buffer = ByteBuffer.wrap(BYTES);
        assertThrows(FrameReleasedException.class, () -> gone.copyIn(BYTES));
        assertThrows(FrameReleasedException.class, () -> gone.copyIn(buffer));
        assertThrows(FrameReleasedException.class, () -> gone.copyOut(array, 0));
        assertThrows(FrameReleasedException.class, () -> gone.reserve(1));
        assertEquals(0, buffer.position());
        assertArrayEquals(new byte[8], array);
    }
}
