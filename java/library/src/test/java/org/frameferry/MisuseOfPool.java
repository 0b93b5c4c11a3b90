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
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// [FramePool], whose methods are for any thread.
final class MisuseOfPool {
    private MisuseOfPool() {
    }

    static List<MisuseRow> rows() {
        List<MisuseRow> rows = new ArrayList<>();
        rows.add(row(FramePool.class, "builder()").gives(CONCURRENT, "works",
                w -> MisuseRace.untilClosed(FramePool::builder, null, w.pool::close)));
        for (String getter : List.of("name()", "frames()", "frameSize()", "headroom()", "stride()", "tuning()",
                "isClosed()", "statistics()", "newFrame()")) {
            rows.add(worksForEver(row(FramePool.class, getter)));
        }
        rows.add(memory());
        rows.add(newBatch());
        rows.add(tryLease());
        rows.add(tryLeaseIntoHandle());
        rows.add(lease());
        rows.add(leaseWithPatience());
        rows.add(leaseIntoBatch());
        rows.add(recordLatency());
        rows.add(row(FramePool.class, "audit()")
                .refuses(CLOSED, ClosedException.class, w -> w.closedPool().audit())
                .gives(CONCURRENT, "works", w -> underClose(w, w.pool::audit, ClosedException.class)));
        rows.add(close());
        return rows;
    }

    private static MisuseRow worksForEver(MisuseRow row) {
        return row.gives(CLOSED, "works", w -> row.call(w.closedPool()))
                .gives(CONCURRENT, "works", w -> underClose(w, () -> row.call(w.pool), null));
    }

    private static void underClose(MisuseWorld w, Elsewhere.Action call, Class<? extends Throwable> atEnd)
            throws Exception {
        MisuseRace.untilClosed(call, atEnd, () -> Audits.closeUnderUse(w.pool));
    }

    private static MisuseRow memory() {
        return row(FramePool.class, "memory()")
                .gives(CLOSED, "a segment whose access throws IllegalStateException",
                        w -> assertThrowsExactly(IllegalStateException.class,
                                () -> w.closedPool().memory().get(ValueLayout.JAVA_BYTE, 0)))
                .gives(CONCURRENT, "works", w -> underClose(w, () -> w.pool.memory().get(ValueLayout.JAVA_BYTE, 0),
                        IllegalStateException.class));
    }

    private static MisuseRow newBatch() {
        return row(FramePool.class, "newBatch(int)")
                .gives(CLOSED, "an empty batch", w -> assertTrue(w.closedPool().newBatch(1).isEmpty()))
                .refuses(NEGATIVE, IllegalArgumentException.class, w -> w.pool.newBatch(-1), w -> w.pool.newBatch(0))
                .refuses(TOO_LARGE, IllegalArgumentException.class, w -> w.pool.newBatch(1025),
                        w -> w.pool.newBatch(Integer.MAX_VALUE))
                .gives(CONCURRENT, "works", w -> underClose(w, () -> w.pool.newBatch(4), null));
    }

    private static MisuseRow tryLease() {
        return row(FramePool.class, "tryLease()")
                .refuses(CLOSED, ClosedException.class, w -> w.closedPool().tryLease())
                .gives(TOO_LARGE, "null", w -> {
                    w.batch(MisuseWorld.FRAMES);
                    assertNull(w.pool.tryLease());
                })
                .gives(CONCURRENT, "works", w -> underClose(w, () -> {
                    Frame frame = w.pool.tryLease();
                    if (frame != null) {
                        frame.release();
                    }
                }, ClosedException.class));
    }

    private static MisuseRow tryLeaseIntoHandle() {
        return row(FramePool.class, "tryLease(Frame)")
                .refuses(CLOSED, ClosedException.class, w -> w.pool.tryLease(w.ofClosedPool()))
                .refuses(NULL, NullPointerException.class, w -> w.pool.tryLease(null))
                .gives(TOO_LARGE, "false", w -> {
                    Frame handle = w.released();
                    w.batch(MisuseWorld.FRAMES);
                    assertFalse(w.pool.tryLease(handle));
                })
                .gives(RELEASED, "works", w -> {
                    Frame handle = w.released();
                    assertTrue(w.pool.tryLease(handle));
                    handle.release();
                })
                .refuses(FOREIGN, ForeignFrameException.class, w -> w.pool.tryLease(w.other().newFrame()))
                .refuses(FOREIGN, "of a batch: ", IllegalArgumentException.class,
                        w -> w.pool.tryLease(w.batch(1).get(0)))
                .refuses(REENTRANT, IllegalStateException.class, w -> w.pool.tryLease(w.frame()),
                        w -> w.pool.tryLease(w.shared()))
                .gives(CONCURRENT, "with one handle: a lease may stay out, as the audit says", MisuseOfPool::oneHandle);
    }

    /// What the handle does not have is not in two places either: the audit counts it.
    private static void oneHandle(MisuseWorld w) throws Exception {
        FramePool contested = MisuseWorld.newPool();
        Frame handle = contested.newFrame();
        MisuseRace.run(() -> { }, () -> contested.tryLease(handle), IllegalStateException.class,
                _ -> MisuseWorld.giveBack(handle));
        PoolAudit audit = contested.audit();
        assertTrue(audit.sound(), audit::toString);
        assertEquals(audit.frames(), audit.free() + audit.cached() + audit.leased(), audit::toString);
    }

    private static MisuseRow lease() {
        return row(FramePool.class, "lease()")
                .refuses(CLOSED, ClosedException.class, w -> w.closedPool().lease())
                .refuses(TOO_LARGE, PoolExhaustedException.class, w -> {
                    w.batch(MisuseWorld.FRAMES);
                    w.pool.lease();
                })
                .gives(CONCURRENT, "works", w -> underClose(w, () -> w.pool.lease().release(), ClosedException.class));
    }

    private static MisuseRow leaseWithPatience() {
        return row(FramePool.class, "lease(Duration)")
                .refuses(CLOSED, ClosedException.class, w -> w.closedPool().lease(Duration.ofSeconds(1)))
                .refuses(NULL, NullPointerException.class, w -> w.pool.lease(null))
                .gives(NEGATIVE, "as zero", w -> w.pool.lease(Duration.ofSeconds(-1)).release(), w -> {
                    w.batch(MisuseWorld.FRAMES);
                    assertThrowsExactly(PoolExhaustedException.class, () -> w.pool.lease(Duration.ofSeconds(-1)));
                })
                .gives(TOO_LARGE, "waits until a frame comes back", w -> {
                    FrameBatch all = w.batch(MisuseWorld.FRAMES);
                    Elsewhere<Frame> lease = Elsewhere.start(() -> w.pool.lease(MisuseWorld.FOR_EVER));
                    Elsewhere.until(() -> lease.thread().getState() == Thread.State.TIMED_WAITING);
                    all.release();
                    lease.result().release();
                })
                .gives(CONCURRENT, "works", w -> underClose(w, () -> w.pool.lease(Duration.ofMillis(1)).release(),
                        ClosedException.class));
    }

    private static MisuseRow leaseIntoBatch() {
        return row(FramePool.class, "lease(FrameBatch, int)")
                .refuses(CLOSED, ClosedException.class, w -> w.closedPool().lease(w.pool.newBatch(1), 1),
                        w -> w.closedPool().lease(w.pool.newBatch(1), 0))
                .refuses(WRONG_THREAD, WrongThreadException.class, w -> {
                    FrameBatch batch = w.batch(1);
                    MisuseWorld.stranger(() -> w.pool.lease(batch, 1));
                })
                .refuses(NULL, NullPointerException.class, w -> w.pool.lease(null, 1))
                .refuses(NEGATIVE, IllegalArgumentException.class, w -> w.pool.lease(w.batch(1), -1),
                        w -> w.pool.lease(w.batch(1), Integer.MIN_VALUE))
                .refuses(TOO_LARGE, IllegalArgumentException.class, w -> w.pool.lease(w.batch(1), MisuseWorld.FRAMES),
                        w -> w.pool.lease(w.batch(1), Integer.MAX_VALUE))
                .gives(TOO_LARGE, "for the pool: as many as are free", w -> {
                    w.batch(MisuseWorld.FRAMES - 2);
                    assertEquals(2, w.pool.lease(w.batch(0), 4));
                })
                .refuses(FOREIGN, ForeignFrameException.class, w -> w.pool.lease(w.other().newBatch(1), 1))
                .gives(REENTRANT, "the iteration goes on over them", w -> {
                    int seen = 0;
                    FrameBatch batch = w.batch(1);
                    for (Frame frame : batch) {
                        seen += frame.length() + w.pool.lease(batch, batch.size() < 3 ? 1 : 0);
                    }
                    assertEquals(2, seen);
                    assertEquals(3, batch.size());
                })
                .gives(CONCURRENT, "for one; the other: WrongThreadException", MisuseOfPool::oneBatch)
                .gives(CONCURRENT, "a batch each: works", MisuseOfPool::twoBatches);
    }

    private static void oneBatch(MisuseWorld w) throws Exception {
        AtomicReference<FrameBatch> batch = new AtomicReference<>();
        MisuseRace.run(() -> batch.set(w.pool.newBatch(4)), () -> w.pool.lease(batch.get(), 2),
                WrongThreadException.class, refused -> {
                    assertEquals(1, refused);
                    batch.get().seize();
                    batch.get().release();
                });
    }

    private static void twoBatches(MisuseWorld w) throws Exception {
        underClose(w, () -> {
            try (FrameBatch batch = w.pool.newBatch(4)) {
                w.pool.lease(batch, 4);
            }
        }, ClosedException.class);
    }

    private static MisuseRow recordLatency() {
        return row(FramePool.class, "recordLatency(Duration)")
                .gives(CLOSED, "works", w -> w.closedPool().recordLatency(Duration.ofSeconds(1)))
                .refuses(NULL, NullPointerException.class, w -> w.pool.recordLatency(null))
                .refuses(NEGATIVE, IllegalArgumentException.class, w -> w.pool.recordLatency(Duration.ofNanos(-1)))
                .gives(TOO_LARGE, "works", w -> {
                    w.pool.recordLatency(MisuseWorld.FOR_EVER);
                    w.pool.trim();
                })
                .gives(CONCURRENT, "works",
                        w -> underClose(w, () -> w.pool.recordLatency(Duration.ofSeconds(1)), null));
    }

    private static MisuseRow close() {
        return row(FramePool.class, "close()")
                .gives(CLOSED, "nothing", w -> w.closedPool().close())
                .refuses(RELEASED, "with frames that were not: ", LeasesOutstandingException.class, w -> {
                    w.frame();
                    w.pool.close();
                }, w -> {
                    w.batch(2);
                    w.pool.close();
                })
                .gives(REENTRANT, "from its leak listener: works", MisuseOfPool::closeFromListener)
                .gives(CONCURRENT, "works", w -> {
                    AtomicReference<FramePool> pool = new AtomicReference<>();
                    MisuseRace.run(() -> pool.set(MisuseWorld.newPool()), () -> pool.get().close(), null,
                            _ -> MisuseWorld.check(pool.get()));
                });
    }

    private static void closeFromListener(MisuseWorld w) throws Exception {
        AtomicReference<FramePool> pool = new AtomicReference<>();
        pool.set(FramePool.builder().frames(1).leakTracking(LeakTracking.EVERY)
                .leakListener(_ -> pool.get().close()).build());
        pool.get().lease(); // and forgets it
        Elsewhere.until(() -> {
            System.gc();
            return pool.get().isClosed();
        });
        MisuseWorld.check(pool.get());
    }
}
