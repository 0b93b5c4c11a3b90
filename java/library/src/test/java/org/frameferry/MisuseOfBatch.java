// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CLOSED;
import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.FOREIGN;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.REENTRANT;
import static org.frameferry.Misuse.RELEASED;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.frameferry.Misuse.WRONG_THREAD;
import static org.frameferry.MisuseRow.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReference;

/// [FrameBatch], which belongs to one thread.
final class MisuseOfBatch {
    private MisuseOfBatch() {
    }

    static List<MisuseRow> rows() {
        List<MisuseRow> rows = new ArrayList<>();
        for (String getter : List.of("size()", "capacity()", "isEmpty()")) {
            MisuseRow row = row(FrameBatch.class, getter);
            rows.add(looks(row).gives(CLOSED, "works", w -> row.call(ofClosedPool(w))));
        }
        rows.add(get());
        rows.add(iterator());
        rows.add(detach());
        rows.add(add());
        rows.add(endsAll("release()"));
        rows.add(endsAll("close()"));
        rows.add(unbind());
        return rows;
    }

    /// A batch that outlives its pool has no frames.
    private static FrameBatch ofClosedPool(MisuseWorld w) {
        FrameBatch batch = w.batch(0);
        w.pool.close();
        return batch;
    }

    /// Only looks, so that the thread is not checked; its own one changes the batch meanwhile.
    private static MisuseRow looks(MisuseRow row, Object... arguments) {
        return row.gives(WRONG_THREAD, "works", w -> {
            FrameBatch batch = w.batch(1);
            MisuseWorld.stranger(() -> row.call(batch, arguments));
        }).gives(CONCURRENT, "works", w -> {
            FrameBatch batch = w.batch(1);
            MisuseRace.run(MisuseRace.ROUNDS, () -> { }, () -> {
                batch.release();
                w.pool.lease(batch, 4);
            }, () -> row.call(batch, arguments), IndexOutOfBoundsException.class, _ -> { });
        });
    }

    private static MisuseRow get() {
        MisuseRow row = row(FrameBatch.class, "get(int)");
        return looks(row, 0).refuses(CLOSED, IndexOutOfBoundsException.class, w -> ofClosedPool(w).get(0))
                .refuses(NEGATIVE, IndexOutOfBoundsException.class, w -> w.batch(2).get(-1),
                        w -> w.batch(2).get(Integer.MIN_VALUE))
                .refuses(TOO_LARGE, IndexOutOfBoundsException.class, w -> w.batch(2).get(2),
                        w -> w.batch(2).get(Integer.MAX_VALUE))
                .gives(REENTRANT, "moves the cursor, not the iteration", w -> {
                    FrameBatch batch = w.batch(3);
                    int seen = 0;
                    for (Frame frame : batch) {
                        seen += batch.get(2) == frame ? 1 : 0;
                    }
                    assertEquals(3, seen);
                });
    }

    private static MisuseRow iterator() {
        MisuseRow row = row(FrameBatch.class, "iterator()");
        return looks(row).gives(CLOSED, "an empty iteration", w -> assertFalse(ofClosedPool(w).iterator().hasNext()))
                .refuses(TOO_LARGE, "past its end: ", NoSuchElementException.class, w -> w.batch(0).iterator().next())
                .gives(REENTRANT, "the outer iteration ends with the inner one", w -> {
                    FrameBatch batch = w.batch(3);
                    int seen = 0;
                    for (Frame _ : batch) {
                        for (Frame inner : batch) {
                            seen += inner.length() + 1;
                        }
                    }
                    assertEquals(3, seen);
                });
    }

    private static MisuseRow detach() {
        return row(FrameBatch.class, "detach(int)")
                .refuses(CLOSED, IndexOutOfBoundsException.class, w -> ofClosedPool(w).detach(0))
                .refuses(WRONG_THREAD, WrongThreadException.class, w -> {
                    FrameBatch batch = w.batch(1);
                    MisuseWorld.stranger(() -> batch.detach(0));
                })
                .refuses(NEGATIVE, IndexOutOfBoundsException.class, w -> w.batch(2).detach(-1))
                .refuses(TOO_LARGE, IndexOutOfBoundsException.class, w -> w.batch(2).detach(2),
                        w -> w.batch(2).detach(Integer.MAX_VALUE))
                .gives(REENTRANT, "the iteration goes on with the next", w -> {
                    FrameBatch batch = w.batch(3);
                    for (Frame _ : batch) {
                        batch.detach(0).release();
                    }
                    assertEquals(0, batch.size());
                })
                .gives(CONCURRENT, "for one; the other: WrongThreadException",
                        w -> oneThread(w, batch -> batch.detach(0).release()));
    }

    /// What two threads do at once with a batch that neither has yet.
    private interface Use {
        void of(FrameBatch batch) throws Exception;
    }

    private static void oneThread(MisuseWorld w, Use use) throws Exception {
        AtomicReference<FrameBatch> batch = new AtomicReference<>();
        MisuseRace.run(() -> {
            batch.set(w.pool.newBatch(4));
            w.pool.lease(batch.get(), 3);
            batch.get().unbind();
        }, () -> use.of(batch.get()), WrongThreadException.class, refused -> {
            assertEquals(1, refused);
            batch.get().seize();
            batch.get().release();
        });
    }

    private static MisuseRow add() {
        return row(FrameBatch.class, "add(Frame)")
                .refuses(CLOSED, FrameReleasedException.class, w -> {
                    FrameBatch batch = w.batch(0);
                    batch.add(w.ofClosedPool());
                })
                .refuses(WRONG_THREAD, WrongThreadException.class, w -> {
                    FrameBatch batch = w.batch(1);
                    Frame frame = w.frame();
                    MisuseWorld.stranger(() -> batch.add(frame));
                })
                .refuses(NULL, NullPointerException.class, w -> w.batch(1).add(null))
                .refuses(TOO_LARGE, "full: ", IllegalArgumentException.class, w -> {
                    FrameBatch full = w.pool.newBatch(1);
                    full.add(w.frame());
                    try (full) {
                        full.add(w.frame());
                    }
                })
                .refuses(RELEASED, FrameReleasedException.class, w -> w.batch(1).add(w.released()),
                        w -> w.batch(1).add(w.pool.newFrame()))
                .refuses(FOREIGN, ForeignFrameException.class, w -> w.batch(1).add(w.frame(w.other())),
                        MisuseOfBatch::addFromOutside)
                .refuses(FOREIGN, "of a batch: ", IllegalArgumentException.class,
                        w -> w.batch(1).add(w.batch(1).get(0)))
                .refuses(FOREIGN, "shared: ", FrameSharedException.class, w -> w.batch(1).add(w.shared()))
                .gives(REENTRANT, "the iteration goes on over it", w -> {
                    FrameBatch batch = w.batch(1);
                    int seen = 0;
                    for (Frame _ : batch) {
                        if (seen++ == 0) {
                            batch.add(w.frame());
                        }
                    }
                    assertEquals(2, seen);
                })
                .gives(CONCURRENT, "for one; the other: WrongThreadException",
                        w -> oneThread(w, batch -> addOrGiveBack(batch, w.pool.lease(Numbered.LONG))))
                .gives(CONCURRENT, "of one frame to two batches: FrameReleasedException", MisuseOfBatch::addTwice);
    }

    private static void addFromOutside(MisuseWorld w) {
        Frame outside = w.outside();
        FrameBatch batch = outside.pool().newBatch(1);
        batch.add(outside);
    }

    private static void addOrGiveBack(FrameBatch batch, Frame frame) {
        try {
            batch.add(frame);
        } catch (WrongThreadException e) {
            frame.release();
            throw e;
        }
    }

    private static void addTwice(MisuseWorld w) throws Exception {
        AtomicReference<Frame> frame = new AtomicReference<>();
        FrameBatch one = w.pool.newBatch(1);
        FrameBatch two = w.pool.newBatch(1);
        MisuseRace.run(MisuseRace.ROUNDS, () -> frame.set(w.pool.lease(Numbered.LONG)), () -> one.add(frame.get()), () -> {
            try (two) {
                two.add(frame.get());
            }
        }, FrameReleasedException.class, refused -> {
            assertEquals(1, refused);
            one.release();
        });
    }

    private static MisuseRow endsAll(String signature) {
        MisuseRow row = row(FrameBatch.class, signature);
        return row.gives(CLOSED, "nothing", w -> row.call(ofClosedPool(w)))
                .refuses(WRONG_THREAD, WrongThreadException.class, w -> {
                    FrameBatch batch = w.batch(1);
                    MisuseWorld.stranger(() -> row.call(batch));
                })
                .gives(RELEASED, "nothing", w -> {
                    FrameBatch batch = w.batch(2);
                    batch.release();
                    row.call(batch);
                })
                .refuses(REENTRANT, "the iteration: ", ConcurrentModificationException.class, w -> {
                    FrameBatch batch = w.batch(2);
                    for (Frame _ : batch) {
                        row.call(batch);
                    }
                })
                .gives(CONCURRENT, "for one; the other: WrongThreadException", w -> oneThread(w, row::call));
    }

    private static MisuseRow unbind() {
        return row(FrameBatch.class, "unbind()").gives(CLOSED, "works", w -> ofClosedPool(w).unbind())
                .refuses(WRONG_THREAD, WrongThreadException.class, w -> {
                    FrameBatch batch = w.batch(1);
                    MisuseWorld.stranger(batch::unbind);
                })
                .gives(CONCURRENT, "works", w -> {
                    FrameBatch batch = w.pool.newBatch(1);
                    MisuseRace.run(() -> { }, batch::unbind, null, _ -> { });
                });
    }
}
