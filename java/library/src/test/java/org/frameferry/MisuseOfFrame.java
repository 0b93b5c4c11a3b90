// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CLOSED;
import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.FOREIGN;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.REENTRANT;
import static org.frameferry.Misuse.RELEASED;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.frameferry.Misuse.WRONG_THREAD;
import static org.frameferry.MisuseRow.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// [Frame] as a lease, which any thread may have; [MisuseOfWindow] has what moves and copies its data.
final class MisuseOfFrame {
    private static final Peer PEER = Peer.of(new InetSocketAddress("127.0.0.1", 9));

    private MisuseOfFrame() {
    }

    static List<MisuseRow> rows() {
        List<MisuseRow> rows = new ArrayList<>();
        for (String reader : List.of("memory()", "offset()", "length()", "headroom()", "tailroom()", "timestamp()",
                "tag()", "metadataOffset()", "isShared()")) {
            rows.add(unchecked(ofALease(row(Frame.class, reader))));
        }
        rows.add(row(Frame.class, "capacity()").gives(CLOSED, "works", w -> w.ofClosedPool().capacity())
                .gives(RELEASED, "works", w -> w.released().capacity())
                .gives(CONCURRENT, "works", w -> {
                    Frame frame = w.frame();
                    MisuseRace.run(() -> { }, frame::capacity, null, _ -> { });
                }));
        rows.add(unchecked(ofALease(row(Frame.class, "peer()")))
                .refuses(NULL, "none was set: ", IllegalStateException.class, w -> w.frame().peer()));
        rows.add(unchecked(ofALease(row(Frame.class, "isFrom(Peer)"), PEER), PEER)
                .refuses(NULL, NullPointerException.class, w -> w.frame().isFrom(null)));
        rows.add(unchecked(ofALease(row(Frame.class, "tag(long)"), 1L), 1L)
                .refuses(FOREIGN, "shared: ", FrameSharedException.class, w -> w.shared().tag(1)));
        rows.add(checked(ofALease(row(Frame.class, "peer(Peer)"), PEER), PEER)
                .refuses(NULL, NullPointerException.class, w -> w.frame().peer(null))
                .refuses(FOREIGN, "shared: ", FrameSharedException.class, w -> w.shared().peer(PEER)));
        rows.add(share());
        rows.add(ends("release()"));
        rows.add(ends("close()"));
        return rows;
    }

    /// What every method does that is for as long as the lease lasts, and what a cursor does likewise.
    static MisuseRow needsLease(MisuseRow row, Object... arguments) {
        return row.refuses(CLOSED, FrameReleasedException.class, w -> row.call(w.ofClosedPool(), arguments))
                .refuses(RELEASED, FrameReleasedException.class, w -> row.call(w.released(), arguments),
                        w -> row.call(w.pool.newFrame(), arguments))
                .refuses(REENTRANT, "a cursor whose batch has changed: ", FrameReleasedException.class, w -> {
                    FrameBatch batch = w.batch(2);
                    for (Frame frame : batch) {
                        batch.release();
                        row.call(frame, arguments);
                    }
                });
    }

    private static MisuseRow ofALease(MisuseRow row, Object... arguments) {
        return needsLease(row, arguments).gives(CONCURRENT, "works", w -> {
            AtomicReference<Frame> frame = new AtomicReference<>();
            MisuseRace.run(MisuseRace.ROUNDS, () -> frame.set(w.pool.lease(Numbered.LONG).peer(PEER)),
                    () -> row.call(frame.get(), arguments), () -> frame.get().release(), FrameReleasedException.class,
                    _ -> { });
        });
    }

    /// Of a cursor: what moves no window is for any thread, as the batch's size is.
    private static MisuseRow unchecked(MisuseRow row, Object... arguments) {
        return row.gives(WRONG_THREAD, "works", w -> {
            Frame cursor = w.batch(1).get(0).peer(PEER);
            MisuseWorld.stranger(() -> row.call(cursor, arguments));
        });
    }

    /// Of a cursor: what does is for the batch's thread.
    static MisuseRow checked(MisuseRow row, Object... arguments) {
        return row.refuses(WRONG_THREAD, "of a batch: ", WrongThreadException.class, w -> {
            Frame cursor = w.batch(1).get(0);
            MisuseWorld.stranger(() -> row.call(cursor, arguments));
        });
    }

    private static MisuseRow share() {
        MisuseRow row = row(Frame.class, "share()");
        return row.refuses(CLOSED, FrameReleasedException.class, w -> w.ofClosedPool().share())
                .refuses(TOO_LARGE, "65,536 times: ", IllegalStateException.class, MisuseOfFrame::shareWithoutEnd)
                .refuses(RELEASED, FrameReleasedException.class, w -> w.released().share(),
                        w -> w.pool.newFrame().share())
                .refuses(FOREIGN, "of a batch: ", IllegalArgumentException.class, w -> w.batch(1).get(0).share())
                .gives(CONCURRENT, "works", MisuseOfFrame::shareWhileReleased);
    }

    private static void shareWithoutEnd(MisuseWorld w) {
        Frame frame = w.frame();
        List<Frame> holders = new ArrayList<>();
        try {
            while (true) {
                holders.add(frame.share());
            }
        } finally {
            assertEquals((1 << 16) - 1, holders.size());
            holders.forEach(Frame::release);
        }
    }

    private static void shareWhileReleased(MisuseWorld w) throws Exception {
        AtomicReference<Frame> frame = new AtomicReference<>();
        AtomicReference<Frame> holder = new AtomicReference<>();
        MisuseRace.run(MisuseRace.ROUNDS, () -> {
            frame.set(w.pool.lease(Numbered.LONG));
            holder.set(null);
        }, () -> holder.set(frame.get().share()), () -> frame.get().release(), FrameReleasedException.class, n -> {
            assertEquals(n == 0, holder.get() != null);
            if (n == 0) {
                holder.get().release();
            }
        });
    }

    private static MisuseRow ends(String signature) {
        MisuseRow row = row(Frame.class, signature);
        return row.refuses(CLOSED, FrameReleasedException.class, w -> row.call(w.ofClosedPool()))
                .gives(WRONG_THREAD, "works", w -> {
                    Frame frame = w.frame();
                    MisuseWorld.stranger(() -> row.call(frame));
                })
                .refuses(RELEASED, FrameReleasedException.class, w -> row.call(w.released()),
                        w -> row.call(w.pool.newFrame()))
                .refuses(FOREIGN, "of a batch: ", IllegalArgumentException.class, w -> row.call(w.batch(1).get(0)))
                .gives(CONCURRENT, "for one; the other: FrameReleasedException", w -> {
                    AtomicReference<Frame> frame = new AtomicReference<>();
                    MisuseRace.run(() -> frame.set(w.pool.lease(Numbered.LONG)), () -> row.call(frame.get()),
                            FrameReleasedException.class, refused -> assertEquals(1, refused));
                });
    }
}
