// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.FOREIGN;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.frameferry.Misuse.WRONG_THREAD;
import static org.frameferry.MisuseRow.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// The methods of [Frame] that move the window of a frame, or copy its data.
final class MisuseOfWindow {
    private static final byte OWN = 1;
    private static final byte ALIEN = 2;
    private static final int SOME = 16;
    private static final int MUCH = 2 * MisuseWorld.FRAME_SIZE;

    private MisuseOfWindow() {
    }

    static List<MisuseRow> rows() {
        List<MisuseRow> rows = new ArrayList<>();
        for (String name : List.of("put", "push", "pull", "trim")) {
            rows.add(moves(name, MisuseWorld.FRAME_SIZE / 2));
        }
        rows.add(moves("reserve", 0).refuses(TOO_LARGE, "of a frame with data: ", IllegalStateException.class,
                w -> w.frame().put(1).reserve(1)));
        rows.add(in("copyIn(byte[])", frame -> frame.copyIn(own()), own())
                .refuses(NULL, NullPointerException.class, w -> w.frame().copyIn((byte[]) null))
                .refuses(TOO_LARGE, IndexOutOfBoundsException.class, w -> w.frame().copyIn(new byte[MUCH])));
        rows.add(in("copyIn(byte[], int, int)", frame -> frame.copyIn(own(), 0, SOME), own(), 0, SOME)
                .refuses(NULL, NullPointerException.class, w -> w.frame().copyIn(null, 0, 0))
                .refuses(NEGATIVE, IndexOutOfBoundsException.class, w -> w.frame().copyIn(own(), -1, 1),
                        w -> w.frame().copyIn(own(), 0, -1))
                .refuses(TOO_LARGE, IndexOutOfBoundsException.class, w -> w.frame().copyIn(new byte[MUCH], 0, MUCH),
                        w -> w.frame().copyIn(own(), 0, SOME + 1), w -> w.frame().copyIn(own(), 1, Integer.MAX_VALUE)));
        rows.add(in("copyIn(ByteBuffer)", frame -> frame.copyIn(ByteBuffer.wrap(own())), ByteBuffer.wrap(own()))
                .refuses(NULL, NullPointerException.class, w -> w.frame().copyIn((ByteBuffer) null))
                .refuses(TOO_LARGE, IndexOutOfBoundsException.class,
                        w -> w.frame().copyIn(ByteBuffer.allocate(MUCH))));
        rows.add(copyInSegment());
        rows.add(out("copyOut(byte[], int)", frame -> copyOutToArray(frame), own(), 0)
                .refuses(NULL, NullPointerException.class, w -> w.frame().copyOut(null, 0))
                .refuses(NEGATIVE, IndexOutOfBoundsException.class, w -> w.frame().copyOut(own(), -1))
                .refuses(TOO_LARGE, IndexOutOfBoundsException.class, w -> w.frame().put(MUCH / 2).copyOut(own(), 0),
                        w -> w.frame().copyOut(own(), SOME + 1)));
        rows.add(out("copyOut(ByteBuffer)", frame -> copyOutToBuffer(frame), ByteBuffer.wrap(own()))
                .refuses(NULL, NullPointerException.class, w -> w.frame().copyOut((ByteBuffer) null))
                .refuses(TOO_LARGE, IndexOutOfBoundsException.class,
                        w -> w.frame().put(MUCH / 2).copyOut(ByteBuffer.allocate(SOME)))
                .refuses(FOREIGN, "read-only: ", IllegalArgumentException.class,
                        w -> w.frame().put(1).copyOut(ByteBuffer.allocate(1).asReadOnlyBuffer())));
        rows.add(copyOutSegment());
        return rows;
    }

    private static byte[] own() {
        byte[] bytes = new byte[SOME];
        Arrays.fill(bytes, OWN);
        return bytes;
    }

    // ---- moving ----

    /// @param data bytes that the frame needs
    private static MisuseRow moves(String name, int data) {
        MisuseRow row = row(Frame.class, name + "(int)");
        return MisuseOfFrame.checked(MisuseOfFrame.needsLease(row, 0), 0)
                .refuses(NEGATIVE, IllegalArgumentException.class, w -> row.call(w.frame(), -1),
                        w -> row.call(w.frame(), Integer.MIN_VALUE))
                .refuses(TOO_LARGE, IndexOutOfBoundsException.class, w -> row.call(w.frame(), MUCH),
                        w -> row.call(w.frame(), Integer.MAX_VALUE))
                .gives(CONCURRENT, "stays in its frame", w -> moveTogether(w, row, data),
                        w -> moveCursors(w, row, data));
    }

    private static void moveTogether(MisuseWorld w, MisuseRow row, int data) throws Exception {
        AtomicReference<Frame> frame = new AtomicReference<>();
        MisuseRace.run(() -> frame.set(w.pool.lease(Numbered.LONG).put(data)), () -> row.call(frame.get(), SOME), null, _ -> {
            Frame f = frame.get();
            assertTrue(f.headroom() >= 0 && f.length() >= 0 && f.tailroom() >= 0);
            assertEquals(f.capacity(), f.headroom() + f.length() + f.tailroom());
            f.release();
        });
    }

    /// Of a batch's one cursor, while its thread uses it as well: each frame stays in one place, as the audit will say.
    private static void moveCursors(MisuseWorld w, MisuseRow row, int data) throws Exception {
        FrameBatch batch = w.batch(2);
        MisuseRace.run(MisuseRace.ROUNDS, () -> {
            batch.release();
            w.pool.lease(batch, 2);
            batch.forEach(frame -> frame.put(data));
        }, () -> row.call(batch.get(0), SOME), () -> row.call(batch.get(1), SOME), RuntimeException.class, _ -> { });
    }

    // ---- copying ----

    private static MisuseRow in(String signature, Consumer<Frame> copy, Object... arguments) {
        MisuseRow row = row(Frame.class, signature);
        return MisuseOfFrame.checked(MisuseOfFrame.needsLease(row, arguments), arguments)
                .refuses(FOREIGN, "shared: ", FrameSharedException.class, w -> row.call(w.shared(), arguments))
                .gives(CONCURRENT, "stays in its frame", w -> copyWhileMoved(w, copy));
    }

    private static MisuseRow out(String signature, Consumer<Frame> copy, Object... arguments) {
        return MisuseOfFrame.needsLease(row(Frame.class, signature), arguments)
                .gives(CONCURRENT, "stays in its frame", w -> copyWhileMoved(w, frame -> {
                    for (int i = 0; i < SOME; i++) {
                        copy.accept(frame);
                    }
                }));
    }

    private static MisuseRow copyInSegment() {
        return in("copyIn(MemorySegment)", frame -> frame.copyIn(MemorySegment.ofArray(own())),
                MemorySegment.ofArray(own()))
                .refuses(WRONG_THREAD, "the source's: ", WrongThreadException.class,
                        w -> confined(segment -> w.frame().copyIn(segment)))
                .refuses(NULL, NullPointerException.class, w -> w.frame().copyIn((MemorySegment) null))
                .refuses(TOO_LARGE, IndexOutOfBoundsException.class,
                        w -> w.frame().copyIn(MemorySegment.ofArray(new byte[MUCH])))
                .refuses(FOREIGN, "freed: ", IllegalStateException.class, w -> w.frame().copyIn(freed()));
    }

    private static MisuseRow copyOutSegment() {
        return out("copyOut(MemorySegment)", frame -> copyOutToSegment(frame), MemorySegment.ofArray(own()))
                .refuses(WRONG_THREAD, "the target's: ", WrongThreadException.class,
                        w -> confined(segment -> w.frame().put(1).copyOut(segment)))
                .refuses(NULL, NullPointerException.class, w -> w.frame().copyOut((MemorySegment) null))
                .refuses(TOO_LARGE, IndexOutOfBoundsException.class,
                        w -> w.frame().put(MUCH / 2).copyOut(MemorySegment.ofArray(own())))
                .refuses(FOREIGN, "read-only: ", IllegalArgumentException.class,
                        w -> w.frame().put(1).copyOut(MemorySegment.ofArray(own()).asReadOnly()))
                .refuses(FOREIGN, "freed: ", IllegalStateException.class, w -> w.frame().put(1).copyOut(freed()));
    }

    private static MemorySegment freed() {
        try (Arena arena = Arena.ofConfined()) {
            return arena.allocate(SOME);
        }
    }

    /// With a segment that is another thread's, which lives as long.
    private static void confined(Consumer<MemorySegment> use) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(SOME);
            MisuseWorld.stranger(() -> use.accept(segment));
        }
    }

    private static void copyOutToArray(Frame frame) {
        byte[] target = new byte[MUCH];
        frame.copyOut(target, 0);
        assertOwn(target);
    }

    private static void copyOutToBuffer(Frame frame) {
        byte[] target = new byte[MUCH];
        frame.copyOut(ByteBuffer.wrap(target));
        assertOwn(target);
    }

    private static void copyOutToSegment(Frame frame) {
        byte[] target = new byte[MUCH];
        frame.copyOut(MemorySegment.ofArray(target));
        assertOwn(target);
    }

    private static void assertOwn(byte[] bytes) {
        for (byte b : bytes) {
            assertTrue(b != ALIEN, "bytes of another frame");
        }
    }

    /// Copies bytes of a frame's own while another thread moves its window to and fro: nothing comes from the frames
    /// around it, and nothing goes there.
    private static void copyWhileMoved(MisuseWorld w, Consumer<Frame> copy) throws Exception {
        AtomicReference<Frame> frame = new AtomicReference<>();
        MemorySegment all = w.pool.memory();
        MisuseRace.run(MisuseRace.ROUNDS, () -> {
            Frame f = w.pool.lease().put(MisuseWorld.FRAME_SIZE - SOME);
            all.fill(ALIEN);
            all.asSlice(f.metadataOffset(), w.pool.stride()).fill(OWN);
            frame.set(f);
        }, () -> copy.accept(frame.get()), () -> {
            for (int i = 0; i < SOME; i++) {
                frame.get().push(w.pool.headroom());
                frame.get().pull(w.pool.headroom());
            }
        }, RuntimeException.class, _ -> {
            long start = frame.get().metadataOffset();
            assertAlien(all.asSlice(0, start));
            assertAlien(all.asSlice(start + w.pool.stride()));
            frame.get().release();
        });
    }

    private static void assertAlien(MemorySegment around) {
        byte[] aliens = new byte[(int) around.byteSize()];
        Arrays.fill(aliens, ALIEN);
        assertEquals(-1, around.mismatch(MemorySegment.ofArray(aliens)), "another frame was written");
    }
}
