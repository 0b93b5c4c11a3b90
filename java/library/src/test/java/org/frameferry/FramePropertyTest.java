// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// Any sequence of push, pull, put and trim, against the plainest model there is: an array of bytes with a start and an
/// end. What the model refuses, the frame refuses, and then neither has changed.
class FramePropertyTest {
    enum Operation { PUSH, PULL, PUT, TRIM }

    record Step(Operation operation, int n) {
        void apply(Frame frame) {
            switch (operation) {
                case PUSH -> frame.push(n);
                case PULL -> frame.pull(n);
                case PUT -> frame.put(n);
                case TRIM -> frame.trim(n);
            }
        }
    }

    /// The model. Bytes from `start` to `end` are data.
    private static final class Model {
        private final byte[] bytes;
        private int start;
        private int end;

        Model(byte[] bytes, int start) {
            this.bytes = bytes;
            this.start = start;
            this.end = start;
        }

        boolean apply(Step step) {
            int n = step.n;
            int newStart = start;
            int newEnd = end;
            switch (step.operation) {
                case PUSH -> newStart -= n;
                case PULL -> newStart += n;
                case PUT -> newEnd += n;
                case TRIM -> newEnd = start + n;
            }
            boolean shrinks = step.operation == Operation.PULL || step.operation == Operation.TRIM;
            boolean fits = n >= 0 && newStart >= 0 && newEnd <= bytes.length && newStart <= newEnd
                    && (!shrinks || newEnd <= end);
            if (fits) {
                start = newStart;
                end = newEnd;
            }
            return fits;
        }

        void check(Frame frame) {
            assertEquals(start, frame.headroom());
            assertEquals(end - start, frame.length());
            assertEquals(bytes.length - end, frame.tailroom());
            assertArrayEquals(Arrays.copyOfRange(bytes, start, end),
                    frame.memory().asSlice(frame.offset(), frame.length()).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> small = Arbitraries.integers().between(-2, 80);
        Arbitrary<Integer> any = Arbitraries.integers().between(-2, 700);
        return Combinators.combine(Arbitraries.of(Operation.class), Arbitraries.oneOf(small, any)).as(Step::new).list()
                .ofMaxSize(60);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void followsTheModel(@ForAll("steps") List<Step> steps, @ForAll @IntRange(max = 3) int headroomLines,
            @ForAll @IntRange(max = 3) int position, @ForAll @Size(256) byte[] content) {
        try (FramePool pool = FramePool.builder().frames(4).frameSize(400).headroom(headroomLines * 64).build();
             Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(4)) {
            pool.lease(batch, 4);
            Model model = new Model(fill(batch.get(position), content), headroomLines * 64);
            for (Step step : steps) {
                Frame cursor = batch.get(position);
                if (model.apply(step)) {
                    step.apply(cursor);
                } else {
                    Class<? extends RuntimeException> refusal =
                            step.n < 0 ? IllegalArgumentException.class : IndexOutOfBoundsException.class;
                    assertThrows(refusal, () -> step.apply(cursor));
                }
                model.check(cursor);
                long index = cursor.metadataOffset() / pool.stride();
                assertEquals(index | (model.start + 64L) << 20 | (long) (model.end - model.start) << 41,
                        batch.descriptors().get(position));
            }
            try (Frame detached = batch.detach(position)) {
                model.check(detached);
            }
        }
    }

    /// Writes the content all over the frame but for the metadata line.
    ///
    /// @return the same bytes
    private static byte[] fill(Frame frame, byte[] content) {
        byte[] bytes = new byte[frame.capacity()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = content[i % content.length];
        }
        MemorySegment.copy(bytes, 0, frame.memory(), ValueLayout.JAVA_BYTE, frame.metadataOffset() + 64, bytes.length);
        return bytes;
    }

    /// The arithmetic alone, over the whole range of each field, so that no carry goes into a neighbour unseen.
    @Property(tries = 10_000)
    void descriptorsKeepTheirFieldsApart(@ForAll @IntRange(max = (1 << 20) - 1) int index,
            @ForAll @IntRange(max = (1 << 21) - 1) int offset, @ForAll @IntRange(max = (1 << 21) - 1) int length,
            @ForAll @IntRange(min = -(1 << 21), max = 1 << 21) int by) {
        long descriptor = index | (long) offset << 20 | (long) length << 41;
        assertEquals(index, Descriptor.index(descriptor));
        assertEquals(offset, Descriptor.offset(descriptor));
        assertEquals(length, Descriptor.length(descriptor));
        int most = (1 << 21) - 1;
        int start = Math.clamp(by, Math.max(-offset, length - most), Math.min(length, most - offset));
        assertEquals(index | (long) (offset + start) << 20 | (long) (length - start) << 41,
                Descriptor.moveStart(descriptor, start));
        int end = Math.clamp(by, -length, most - length);
        assertEquals(index | (long) offset << 20 | (long) (length + end) << 41, Descriptor.moveEnd(descriptor, end));
    }
}
