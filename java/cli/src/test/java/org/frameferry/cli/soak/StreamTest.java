// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.frameferry.Frame;
import org.frameferry.FramePool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a soak would not find, nobody would: each thing that can happen to a frame is done to one here, and shows. */
class StreamTest {
    private static final int FRAMES = 200;

    private final FramePool pool = FramePool.builder().frames(256).frameSize(128).bridges(0).build();
    private final Stream stream = new Stream();
    private final List<Frame> frames = new ArrayList<>();

    StreamTest() {
        for (int i = 0; i < FRAMES; i++) {
            frames.add(stream.number(pool.lease()));
        }
    }

    @AfterEach
    void audit() {
        frames.stream().distinct().forEach(Frame::release);
        assertEquals(0, pool.audit().leased());
        assertTrue(pool.audit().sound());
        pool.close();
    }

    private Tally receive(long dropped) {
        frames.forEach(stream::check);
        return stream.tally(dropped);
    }

    private static Tally tally(long came, long unaccounted, long duplicated, long reordered, long corrupted) {
        return new Tally(came, 0, unaccounted, duplicated, reordered, corrupted);
    }

    @Test
    void allAsSent() {
        assertEquals(tally(FRAMES, 0, 0, 0, 0), receive(0));
        assertTrue(stream.tally(0).isClean());
        assertEquals(0, stream.ahead());
    }

    @Test
    void oneIsLost() {
        frames.remove(17).release();
        assertEquals(tally(FRAMES - 1, 1, 0, 0, 0), receive(0));
        assertFalse(stream.tally(0).isClean());
    }

    @Test
    void theLastIsLost() {
        frames.removeLast().release();
        assertEquals(tally(FRAMES - 1, 1, 0, 0, 0), receive(0));
        assertEquals(1, stream.ahead());
    }

    @Test
    void whatWasCountedIsAccountedFor() {
        frames.remove(17).release();
        frames.remove(50).release();
        stream.withdraw(1);
        assertEquals(new Tally(FRAMES - 2, 2, 0, 0, 0, 0), receive(1));
        assertTrue(stream.tally(1).isClean());
    }

    @Test
    void moreIsCountedThanWasLost() {
        assertEquals(-1, receive(1).unaccounted());
        assertFalse(stream.tally(1).isClean());
    }

    @Test
    void oneIsDoubled() {
        frames.add(18, frames.get(17));
        frames.add(frames.get(3));
        assertEquals(tally(FRAMES, 0, 2, 0, 0), receive(0));
        assertFalse(stream.tally(0).isClean());
    }

    @Test
    void twoAreSwapped() {
        frames.add(17, frames.remove(18));
        assertEquals(tally(FRAMES, 0, 0, 1, 0), receive(0));
        assertFalse(stream.tally(0).isClean());
    }

    @Test
    void oneIsDamaged() {
        Frame frame = frames.get(17);
        frame.memory().set(ValueLayout.JAVA_BYTE, frame.offset() + frame.length() - 1, (byte) 7);
        assertEquals(tally(FRAMES - 1, 0, 0, 0, 1), receive(0));
        assertFalse(stream.tally(0).isClean());
    }

    /** In the number, the checksum and the rest alike. */
    @Test
    void anyBitIsDamaged() {
        Frame frame = frames.get(FRAMES - 1);
        MemorySegment data = frame.memory().asSlice(frame.offset(), frame.length());
        for (int bit = 0; bit < frame.length() * Byte.SIZE; bit++) {
            flip(data, bit);
            stream.check(frame);
            flip(data, bit);
        }
        assertEquals((long) frame.length() * Byte.SIZE, stream.tally(0).corrupted());
        assertEquals(0, stream.tally(0).frames());
    }

    private static void flip(MemorySegment data, int bit) {
        long at = bit / Byte.SIZE;
        data.set(ValueLayout.JAVA_BYTE, at, (byte) (data.get(ValueLayout.JAVA_BYTE, at) ^ 1 << bit % Byte.SIZE));
    }

    @Test
    void oneIsTooShortOrTooLong() {
        frames.get(17).trim(frames.get(17).length() - Long.BYTES);
        frames.get(18).trim(0);
        frames.get(19).put(1);
        frames.get(20).put(Long.BYTES);
        assertEquals(tally(FRAMES - 4, 0, 0, 0, 4), receive(0));
    }

    @Test
    void oneIsOfAnotherStream() {
        frames.set(17, swap(frames.get(17)));
        assertEquals(tally(FRAMES - 1, 0, 0, 0, 1), receive(0));
    }

    private Frame swap(Frame frame) {
        frame.release();
        return new Stream().number(pool.lease());
    }

    /** As far as the ledger remembers, and beyond. */
    @Test
    void afterAGap() {
        for (int gap : new int[] {1, 2, 63, 64, 65, Ledger.WINDOW - 1, Ledger.WINDOW, 3 * Ledger.WINDOW}) {
            Ledger ledger = new Ledger();
            IntStream.range(0, 100).forEach(ledger::accept);
            ledger.accept(100 + gap);
            assertEquals(gap, ledger.missing());
            assertEquals(new Tally(101, 0, gap, 0, 0, 0), ledger.tally(101 + gap, 0));
            ledger.accept(99 + gap);
            assertEquals(new Tally(102, 0, gap - 1, 0, 1, 0), ledger.tally(101 + gap, 0));
            ledger.accept(99 + gap);
            assertEquals(new Tally(102, 0, gap - 1, 1, 1, 0), ledger.tally(101 + gap, 0));
            ledger.accept(5);
            assertEquals(2, ledger.tally(101 + gap, 0).duplicated());
        }
    }
}
