// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.ValueLayout;
import org.frameferry.bindings.FerryBindings;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Somebody writes over the words of a ring: what cannot be is found before it is followed, in both crossings, and said
/// by name. What is put right again goes on. Over a loop, whose one ring is its rx ring.
class DamagedSlabTest {
    private static final int FRAMES = 8;
    private static final int CAPACITY = 4;

    private static FramePool pool() {
        return FramePool.builder().frames(FRAMES).frameSize(128).headroom(64).ringCapacity(CAPACITY).bridges(1).build();
    }

    private static Bridge open(FramePool pool, Bridge.Crossing crossing) {
        return Bridge.builder(pool, Loop.device()).crossing(crossing).open();
    }

    private static void send(FramePool pool, Bridge bridge, int n) {
        try (FrameBatch batch = pool.newBatch(n)) {
            assertEquals(n, pool.lease(batch, n));
            assertEquals(n, bridge.send(batch));
        }
    }

    private static void assertCorrupt(Executable use) {
        assertEquals("FERRY_ECORRUPT", assertThrows(FerryException.class, use).error());
    }

    /// Writes over the word at a place of the bridge's area.
    ///
    /// @return what was there
    private static long exchange(FramePool pool, long at, long word) {
        long place = pool.geometry().bridgeOffset() + at;
        long before = pool.control().get(ValueLayout.JAVA_LONG, place);
        pool.control().set(ValueLayout.JAVA_LONG, place, word);
        return before;
    }

    private static long descriptor(long index, long offset, long length) {
        return index | offset << 20 | length << 41;
    }

    /// Each is wrong in one way, but for the last.
    private static long[] damaged(int stride) {
        return new long[] {descriptor(FRAMES, 128, 0), descriptor((1 << 20) - 1, 128, 0), descriptor(0, 0, 64),
            descriptor(0, 63, 1), descriptor(0, 64, stride - 63), descriptor(0, stride + 1, 0),
            descriptor(0, 128, (1 << 21) - 1), descriptor(0, 128, 0) | Long.MIN_VALUE, -1};
    }

    /// The other frames of the burst stay in the batch; the one that the descriptor named is found by nobody any more.
    @ParameterizedTest
    @EnumSource
    void descriptorsThatNameNoFrame(Bridge.Crossing crossing) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = open(pool, crossing);
             FrameBatch batch = pool.newBatch(CAPACITY)) {
            int sent = 0;
            for (long damaged : damaged(pool.stride())) {
                send(pool, bridge, 3);
                long slot = pool.geometry().rxSlots() + (sent + 1) % CAPACITY * Long.BYTES;
                long sound = exchange(pool, slot, damaged);
                sent += 3;
                assertCorrupt(() -> bridge.receive(batch));
                assertEquals(2, batch.size());
                for (Frame frame : batch) {
                    assertEquals(64, frame.headroom());
                }
                assertEquals(3, pool.audit().leased());
                pool.takeBack(Descriptor.index(sound));
                assertEquals(0, bridge.receive(batch), "it goes on");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void descriptorsAtTheVeryEdge(Bridge.Crossing crossing) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = open(pool, crossing);
             FrameBatch batch = pool.newBatch(CAPACITY)) {
            send(pool, bridge, 2);
            int room = pool.stride() - 64;
            long slots = pool.geometry().rxSlots();
            long first = Descriptor.index(exchange(pool, slots, 0));
            long second = Descriptor.index(exchange(pool, slots + Long.BYTES, 0));
            exchange(pool, slots, descriptor(first, 64, room));
            exchange(pool, slots + Long.BYTES, descriptor(second, pool.stride(), 0));
            assertEquals(2, bridge.receive(batch));
            assertEquals(room, batch.get(0).length());
            assertEquals(0, batch.get(1).tailroom());
        }
    }

    @ParameterizedTest
    @EnumSource
    void indicesThatCannotBe(Bridge.Crossing crossing) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = open(pool, crossing);
             FrameBatch batch = pool.newBatch(CAPACITY); FrameBatch more = pool.newBatch(1)) {
            send(pool, bridge, CAPACITY);
            pool.lease(more, 1);
            for (long distance : new long[] {CAPACITY + 1, 1L << 32, Long.MIN_VALUE, -1}) {
                long tail = exchange(pool, FerryBindings.FERRY_RING_TAIL(), distance);
                assertCorrupt(() -> bridge.receive(batch));
                exchange(pool, FerryBindings.FERRY_RING_TAIL(), tail);
                long head = exchange(pool, FerryBindings.FERRY_RING_HEAD(), tail - distance);
                assertCorrupt(() -> bridge.send(more));
                exchange(pool, FerryBindings.FERRY_RING_HEAD(), head);
            }
            assertEquals(0, bridge.send(more));
            assertEquals(CAPACITY, bridge.receive(batch));
            assertEquals(1, bridge.send(more));
        }
    }
}
