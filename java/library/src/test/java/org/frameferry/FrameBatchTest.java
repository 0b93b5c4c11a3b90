// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A batch as a collection: walking it, taking frames out of it and putting them in. One thread; [FrameBatchThreadTest]
/// has the others.
class FrameBatchTest {
    private final FramePool pool = FramePool.builder().frames(16).build();
    private final FrameBatch batch = pool.newBatch(8);

    @AfterEach
    void audit() {
        batch.close();
        Audits.assertAtRest(pool);
        pool.close();
    }

    /// Frames tagged 0 to n - 1.
    private void fill(int n) {
        pool.lease(batch, n);
        for (int i = 0; i < n; i++) {
            batch.get(i).tag(i);
        }
    }

    private List<Long> tags() {
        List<Long> tags = new ArrayList<>();
        for (Frame frame : batch) {
            tags.add(frame.tag());
        }
        return tags;
    }

    @Test
    void empty() {
        assertTrue(batch.isEmpty());
        assertEquals(0, batch.size());
        assertEquals(8, batch.capacity());
        assertFalse(batch.iterator().hasNext());
        batch.release();
        batch.close();
    }

    @Test
    void walksInOrderWithOneCursor() {
        fill(5);
        assertFalse(batch.isEmpty());
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), tags());
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), tags(), "again, from the start");
        assertSame(batch.get(0), batch.get(3));
        for (Frame frame : batch) {
            assertSame(batch.get(0), frame);
        }
        Iterator<Frame> walk = batch.iterator();
        assertSame(walk, batch.iterator());
    }

    @Test
    void theEndOfAWalk() {
        fill(1);
        Iterator<Frame> walk = batch.iterator();
        walk.next();
        assertFalse(walk.hasNext());
        assertEquals("the batch has 1 frames", assertThrows(NoSuchElementException.class, walk::next).getMessage());
    }

    @Test
    void getInTheMiddleOfAWalkMovesTheCursorAndNotTheWalk() {
        fill(4);
        List<Long> seen = new ArrayList<>();
        for (Frame frame : batch) {
            seen.add(frame.tag());
            assertEquals(3, batch.get(3).tag());
            assertEquals(3, frame.tag(), "the cursor is the frame of the last get");
        }
        assertEquals(List.of(0L, 1L, 2L, 3L), seen);
    }

    @Test
    void noSuchFrame() {
        fill(2);
        for (int i : new int[] {2, -1, 8, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThrows(IndexOutOfBoundsException.class, () -> batch.get(i));
            assertThrows(IndexOutOfBoundsException.class, () -> batch.detach(i));
        }
        assertEquals(2, batch.size());
    }

    @Test
    void detachMovesLaterFramesDown() {
        fill(5);
        Frame one = batch.detach(1);
        assertEquals(List.of(0L, 2L, 3L, 4L), tags());
        Frame last = batch.detach(3);
        assertEquals(List.of(0L, 2L, 3L), tags());
        Frame first = batch.detach(0);
        assertEquals(List.of(2L, 3L), tags());
        assertEquals(List.of(1L, 4L, 0L), List.of(one.tag(), last.tag(), first.tag()));
        assertNotSame(one, last);
        batch.release();
        assertEquals(3, pool.audit().leased());
        List.of(one, last, first).forEach(Frame::release);
    }

    @Test
    void aWalkGoesOnBehindADetachedFrame() {
        fill(8);
        List<Long> seen = new ArrayList<>();
        List<Frame> detached = new ArrayList<>();
        int i = 0;
        for (Frame frame : batch) {
            long tag = frame.tag();
            seen.add(tag);
            if (tag % 3 != 1) {
                detached.add(batch.detach(i)); // the walk's own frame
            } else {
                i++;
            }
        }
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L), seen);
        assertEquals(List.of(1L, 4L, 7L), tags());
        assertEquals(List.of(0L, 2L, 3L, 5L, 6L), detached.stream().map(Frame::tag).toList());
        detached.forEach(Frame::release);
    }

    @Test
    void detachBeforeAndBehindTheWalk() {
        fill(6);
        Iterator<Frame> walk = batch.iterator();
        walk.next();
        walk.next();
        Frame before = batch.detach(0);
        Frame behind = batch.detach(3); // 4, now that 0 is gone
        assertEquals(2, walk.next().tag());
        assertEquals(3, walk.next().tag());
        assertEquals(5, walk.next().tag());
        assertFalse(walk.hasNext());
        assertEquals(4, behind.tag());
        before.release();
        behind.release();
    }

    @Test
    void addIsTheOppositeOfDetach() {
        fill(3);
        Frame detached = batch.detach(0);
        batch.add(detached);
        assertEquals(List.of(1L, 2L, 0L), tags());
        assertThrows(FrameReleasedException.class, detached::tag);
        assertThrows(FrameReleasedException.class, detached::release);
        assertThrows(FrameReleasedException.class, () -> batch.add(detached));
        assertEquals(3, batch.size());
        assertEquals(3, pool.audit().leased());
    }

    @Test
    void addToAnotherBatch() {
        fill(2);
        try (FrameBatch other = pool.newBatch(1)) {
            other.add(batch.detach(1));
            assertEquals(1, other.get(0).tag());
            Frame tooMany = batch.detach(0);
            assertEquals("the batch is full: it has 1 frames",
                    assertThrows(IllegalArgumentException.class, () -> other.add(tooMany)).getMessage());
            assertEquals(0, tooMany.tag(), "it is still ours");
            batch.add(tooMany);
        }
    }

    @Test
    void addOfWhatIsNotDetached() {
        fill(2);
        Frame cursor = batch.get(0);
        assertThrows(IllegalArgumentException.class, () -> batch.add(cursor));
        assertEquals(List.of(0L, 1L), tags());
        assertThrows(NullPointerException.class, () -> batch.add(null));
    }

    @Test
    void addOfAnotherPoolsFrame() {
        try (FramePool foreign = FramePool.builder().frames(1).build(); Audits _ = Audits.of(foreign);
             FrameBatch theirs = foreign.newBatch(1)) {
            foreign.lease(theirs, 1);
            Frame frame = theirs.detach(0);
            ForeignFrameException e = assertThrows(ForeignFrameException.class, () -> batch.add(frame));
            assertEquals("a frame of another pool cannot be added to this batch", e.getMessage());
            assertTrue(batch.isEmpty());
            frame.release();
        }
    }
}
