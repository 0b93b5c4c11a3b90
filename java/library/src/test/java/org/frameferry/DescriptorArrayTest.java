// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What joins and leaves the descriptors of a batch: the others stay in their order, and each change shows in the epoch.
class DescriptorArrayTest {
    private static final int CAPACITY = 8;

    private static DescriptorArray of(long... descriptors) {
        DescriptorArray array = new DescriptorArray(CAPACITY);
        for (int i = 0; i < descriptors.length; i++) {
            array.set(i, descriptors[i]);
        }
        array.size = descriptors.length;
        return array;
    }

    private static void assertHolds(List<Long> descriptors, DescriptorArray array) {
        assertEquals(descriptors, IntStream.range(0, array.size()).mapToObj(array::get).toList());
    }

    /// As a crossing that takes the first `n` leaves it.
    private static void hand(int n, DescriptorArray array) {
        array.gone = n;
        array.size = n - array.size;
        array.epoch += DescriptorArray.TURNOVER;
    }

    @Test
    void theRestMovesDown() {
        DescriptorArray array = of(11, 12, 13, 14, 15);
        hand(2, array);
        assertEquals(3, array.size());
        assertHolds(List.of(13L, 14L, 15L), array);
        hand(1, array);
        assertHolds(List.of(14L, 15L), array);
        assertEquals(2, array.turnovers());
        hand(2, array);
        assertEquals(0, array.size());
    }

    @Test
    void theFirstAreHandedOn() {
        DescriptorArray from = of(11, 12, 13, 14, 15);
        DescriptorArray to = of(21, 22);
        from.move(3, to);
        assertHolds(List.of(14L, 15L), from);
        assertHolds(List.of(21L, 22L, 11L, 12L, 13L), to);
        assertEquals(1, from.turnovers());
        assertEquals(0, to.turnovers(), "some have joined");
        assertEquals(1, to.epoch);
        from.move(0, to);
        from.move(2, to);
        assertHolds(List.of(), from);
        assertHolds(List.of(21L, 22L, 11L, 12L, 13L, 14L, 15L), to);
    }

    @Test
    void oneLeaves() {
        DescriptorArray array = of(11, 12, 13);
        array.remove(1);
        assertHolds(List.of(11L, 13L), array);
        array.remove(1);
        array.remove(0);
        assertHolds(List.of(), array);
        assertEquals(3, array.epoch);
        assertEquals(0, array.turnovers());
    }

    /// Half of all turnovers that can be told apart are counted below zero.
    @Test
    void oneLeavesAfterBillionsOfTurnovers() {
        DescriptorArray array = of(11, 12);
        array.epoch = -3 * DescriptorArray.TURNOVER;
        long before = array.turnovers();
        array.remove(0);
        assertEquals(before, array.turnovers());
    }

    @Test
    void whatNamesNoFrameIsThrownAway() {
        int frames = 4;
        int stride = 512;
        long[] all = LongStream.of(4, 0, 5, 3, 1, 4).map(index -> Descriptor.fresh(0) | index).toArray();
        DescriptorArray array = of(all);
        assertFalse(array.keepFrames(frames, stride));
        assertHolds(List.of(all[1], all[3], all[4]), array);
        assertEquals(1, array.turnovers());
        assertTrue(array.keepFrames(frames, stride));
        assertEquals(1, array.turnovers(), "nothing has changed");
        array.set(2, all[0]);
        assertFalse(array.keepFrames(frames, stride), "the last one");
        assertHolds(List.of(all[1], all[3]), array);
    }

    @Test
    void theBytesOfABatch() {
        try (FramePool pool = FramePool.builder().frames(16).frameSize(64).build(); Audits _ = Audits.of(pool);
             FrameBatch batch = pool.newBatch(3); FrameBatch other = pool.newBatch(3)) {
            pool.lease(batch, 3);
            for (int i = 0; i < 3; i++) {
                batch.get(i).put(1 << i);
            }
            assertEquals(0, batch.bytes(0));
            assertEquals(3, batch.bytes(2));
            assertEquals(7, batch.bytes(3));
            batch.move(1, other);
            assertEquals(1, other.bytes(1));
            assertEquals(6, batch.bytes(2));
        }
    }
}
