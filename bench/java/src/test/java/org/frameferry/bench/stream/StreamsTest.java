// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.frameferry.Bridge;
import org.frameferry.FramePool;
import org.frameferry.Loop;
import org.frameferry.bench.BenchFailure;
import org.frameferry.bench.crossing.NativeRing;
import org.frameferry.bench.stream.NativeSide.Role;
import org.frameferry.bench.stream.RingEnd.Crossing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every stream carries frames in order, and every receiver finds out when it gets others. */
class StreamsTest {
    private static final int CAPACITY = 64;
    private static final int BATCH = 16;
    private static final List<String> NAMES =
            List.of("BATCHED", "MAPPED", "jctools", "agronaQueue", "blocking", "agronaRing", "disruptor",
                    "loop");

    private NativeRing ring;
    private FramePool pool;
    private Stream stream;

    @BeforeEach
    void open() {
        ring = new NativeRing(CAPACITY);
        pool = FramePool.builder().frames(2 * CAPACITY).frameSize(64).headroom(0).ringCapacity(CAPACITY).build();
    }

    @AfterEach
    void close() {
        stream.close();
        ring.close();
        pool.close();
    }

    /** A contestant, by name and payload. */
    record Contestant(String name, int payload) {}

    static List<Contestant> contestants() {
        List<Contestant> all = new ArrayList<>();
        for (String name : NAMES) {
            all.add(new Contestant(name, Payload.NONE));
            all.add(new Contestant(name, 64));
        }
        return all;
    }

    private Stream make(Contestant contestant) {
        return switch (contestant.name) {
            case "jctools" -> new Queues.Jctools(CAPACITY, contestant.payload);
            case "agronaQueue" -> new Queues.Agrona(CAPACITY, contestant.payload);
            case "blocking" -> new Queues.Blocking(CAPACITY, contestant.payload, BATCH);
            case "agronaRing" -> new AgronaRing(CAPACITY, contestant.payload);
            case "disruptor" -> new DisruptorStream(CAPACITY, contestant.payload);
            case "loop" -> new LoopStream(pool, Bridge.open(pool, Loop.device()), BATCH, contestant.payload);
            default -> ours(Crossing.valueOf(contestant.name), contestant.payload);
        };
    }

    private Stream ours(Crossing crossing, int payload) {
        RingEnd out = crossing.end(ring, true);
        RingEnd in = crossing.end(ring, false);
        return payload == Payload.NONE ? new DescriptorStream(out, in, BATCH)
                : new FrameStream(pool, out, in, BATCH, payload);
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void carriesFramesInOrder(Contestant contestant) {
        stream = make(contestant);
        long sent = 0;
        long received = 0;
        for (int n : List.of(1, BATCH, 3, BATCH - 1, 1)) {
            for (int round = 0; round < 3 * CAPACITY; round++) {
                sent += stream.send(sent, n);
                received += stream.receive(received, n);
                received += stream.receive(received, n); // Agrona's ring buffer stops where its memory ends
                assertEquals(sent, received);
            }
        }
        assertTrue(received > 10 * CAPACITY);
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void takesNoMoreThanThereIsRoomFor(Contestant contestant) {
        stream = make(contestant);
        long sent = 0;
        for (int n; (n = stream.send(sent, 1)) > 0;) {
            sent += n;
        }
        long received = 0;
        for (int n; (n = stream.receive(received, 1)) > 0;) {
            received += n;
        }
        assertEquals(sent, received);
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void findsOutThatAFrameIsMissing(Contestant contestant) {
        stream = make(contestant);
        if (stream instanceof References references) { // which number by themselves
            references.prepared();
            references.taken();
        }
        stream.send(1, 1);
        assertThrows(BenchFailure.class, () -> stream.receive(0, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {Payload.NONE, 64})
    void cFindsOutThatAFrameIsMissing(int payload) {
        stream = ours(Crossing.MAPPED, payload);
        try (NativeSide side = side(Role.CONSUMES, payload)) {
            stream.send(0, 1);
            side.run(1);
            stream.send(2, 1);
            assertThrows(BenchFailure.class, () -> side.run(1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Payload.NONE, 64})
    void cSendsWhatJavaExpects(int payload) {
        stream = ours(Crossing.BATCHED, payload);
        try (NativeSide side = side(Role.PRODUCES, payload)) {
            side.run(CAPACITY);
        }
        assertEquals(BATCH, stream.receive(0, BATCH));
        assertThrows(BenchFailure.class, () -> stream.receive(0, BATCH));
    }

    @Test
    void cSendsBackWhatItGets() {
        stream = ours(Crossing.BATCHED, Payload.NONE);
        try (NativeRing back = new NativeRing(CAPACITY);
             NativeSide side = new NativeSide.Plan(ring, back, null, BATCH, Payload.NONE).here(Role.ECHOES);
             Stream answers = new DescriptorStream(null, Crossing.MAPPED.end(back, false), BATCH)) {
            assertEquals(BATCH, stream.send(5, BATCH));
            side.run(BATCH);
            assertEquals(BATCH, answers.receive(5, BATCH));
            assertEquals(0, answers.receive(5 + BATCH, BATCH));
        }
    }

    private NativeSide side(Role role, int payload) {
        return new NativeSide.Plan(ring, null, payload == Payload.NONE ? null : pool, BATCH, payload).here(role);
    }
}
