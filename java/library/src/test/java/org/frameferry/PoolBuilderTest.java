// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a pool, and all else that is built, may be asked for: each value at the edge of its range builds something that
/// works, and one beyond it is refused with its name, the value and the range.
class PoolBuilderTest {
    /// Everything with a range.
    enum Value {
        FRAMES("frames", 1, 1048576, (b, v) -> b.frames(v)),
        FRAME_SIZE("frameSize", 64, 1048576, (b, v) -> b.frameSize(v)),
        HEADROOM("headroom", 0, 65536, (b, v) -> b.headroom(v)),
        RING_CAPACITY("ringCapacity", 1, 1048576, (b, v) -> b.ringCapacity(v)),
        BRIDGES("bridges", 0, 64, (b, v) -> b.bridges(v));

        final String label;
        final int min;
        final int max;
        final BiFunction<FramePoolBuilder, Integer, FramePoolBuilder> set;

        Value(String label, int min, int max, BiFunction<FramePoolBuilder, Integer, FramePoolBuilder> set) {
            this.label = label;
            this.min = min;
            this.max = max;
            this.set = set;
        }
    }

    private static FramePoolBuilder small() {
        return FramePool.builder().frames(4).frameSize(64).headroom(0);
    }

    @ParameterizedTest
    @EnumSource
    void edgesBuildAWorkingPool(Value value) {
        for (int edge : new int[] {value.min, value.max}) {
            try (FramePool pool = value.set.apply(small(), edge).build(); Audits _ = Audits.of(pool);
                 FrameBatch batch = pool.newBatch(1)) {
                assertEquals(1, pool.lease(batch, 1));
                Frame frame = batch.get(0);
                assertTrue(frame.tailroom() >= pool.frameSize(), "room for frameSize bytes");
                assertEquals(pool.headroom(), frame.headroom());
                assertEquals(frame.capacity(), frame.put(frame.tailroom()).push(frame.headroom()).length());
                frame.memory().asSlice(frame.offset(), frame.length()).fill((byte) 1);
                assertEquals(pool.frames(), pool.audit().frames());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void beyondTheEdgesIsRefused(Value value) {
        for (int beyond : new int[] {value.min - 1, value.max + 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            FramePoolBuilder builder = small();
            assertEquals(value.label + " " + beyond + " is not in " + value.min + " .. " + value.max,
                    assertThrows(IllegalArgumentException.class, () -> value.set.apply(builder, beyond)).getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 65, 127, 65535})
    void headroomIsAMultipleOfALine(int bytes) {
        assertEquals("headroom " + bytes + " is not a multiple of 64",
                assertThrows(IllegalArgumentException.class, () -> small().headroom(bytes)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6, 1023, 1025, 1048575})
    void ringCapacityIsAPowerOfTwo(int descriptors) {
        assertEquals("ringCapacity " + descriptors + " is not a power of two",
                assertThrows(IllegalArgumentException.class, () -> small().ringCapacity(descriptors)).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "4, 4", "5, 8", "64, 64", "65, 128", "1048575, 1048576", "1048576, 1048576"})
    void aRingHoldsEveryFrameUnlessToldOtherwise(int frames, int ringCapacity) {
        try (FramePool pool = small().frames(frames).build(); Audits _ = Audits.of(pool)) {
            assertEquals(ringCapacity, pool.geometry().ringCapacity());
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 0, 192", "65, 0, 192", "128, 0, 192", "129, 0, 320", "2048, 128, 2240", "1500, 128, 1728"})
    void theStrideIsAnOddNumberOfLines(int frameSize, int headroom, int stride) {
        try (FramePool pool = small().frameSize(frameSize).headroom(headroom).build(); Audits _ = Audits.of(pool)) {
            assertEquals(stride, pool.stride());
        }
    }

    @Test
    void defaults() {
        try (FramePool pool = FramePool.builder().build(); Audits _ = Audits.of(pool)) {
            assertEquals(4096, pool.frames());
            assertEquals(2048, pool.frameSize());
            assertEquals(128, pool.headroom());
            assertEquals(4096, pool.geometry().ringCapacity());
            assertEquals(new PoolAudit(4096, 4096, 0, 0, 0, 0, 0, 0), pool.audit());
        }
    }

    @Test
    void hugePagesAreAWishThatChangesNothingElse() {
        try (FramePool pool = small().hugePages(true).build(); Audits _ = Audits.of(pool);
             FrameBatch batch = pool.newBatch(4)) {
            assertEquals(0, pool.memory().address() % (2 << 20));
            assertEquals(4, pool.lease(batch, 4));
        }
    }

    @Test
    void aBuilderMakesManyPools() {
        FramePoolBuilder builder = small();
        try (FramePool one = builder.build(); Audits _ = Audits.of(one);
             FramePool two = builder.frames(9).build(); Audits _ = Audits.of(two)) {
            assertEquals(4, one.frames());
            assertEquals(9, two.frames());
        }
    }

    @Test
    void capacityOfABatch() {
        try (FramePool pool = small().build(); Audits _ = Audits.of(pool)) {
            Stream.of(1, 1024).forEach(n -> assertEquals(n, pool.newBatch(n).capacity()));
            Stream.of(0, 1025, -1).forEach(n -> assertEquals("capacity " + n + " is not in 1 .. 1024",
                    assertThrows(IllegalArgumentException.class, () -> pool.newBatch(n)).getMessage()));
        }
    }

    @Test
    void budgetOfABridge() {
        try (FramePool pool = small().build(); Audits _ = Audits.of(pool)) {
            Stream.of(1, 4096).forEach(n -> Bridge.builder(pool, Way.ANY_PORT).budget(n).open().close());
            Stream.of(0, 4097).forEach(n -> assertEquals("budget " + n + " is not in 1 .. 4096",
                    assertThrows(IllegalArgumentException.class,
                            () -> Bridge.builder(pool, Way.ANY_PORT).budget(n)).getMessage()));
        }
    }

    @Test
    void moderationOfABridge() {
        try (FramePool pool = small().build(); Audits _ = Audits.of(pool)) {
            Bridge.Builder builder = Bridge.builder(pool, Way.ANY_PORT);
            Stream.of(Duration.ZERO, Duration.ofMillis(10)).forEach(time -> builder.moderation(time).open().close());
            Stream.of(Duration.ofNanos(-1), Duration.ofNanos(10_000_001), Duration.ofSeconds(Long.MAX_VALUE))
                    .forEach(time -> assertEquals("moderation " + time + " is not in PT0S .. PT0.01S",
                            assertThrows(IllegalArgumentException.class, () -> builder.moderation(time)).getMessage()));
        }
    }
}
