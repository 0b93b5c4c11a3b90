// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CLOSED;
import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.RELEASED;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.frameferry.MisuseRow.row;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// [SizedFramePool], whose methods are for any thread.
final class MisuseOfSizedPool {
    private static final int LARGEST = 128;

    /// What a cell does with a pool of two classes.
    private interface Act {
        void run(SizedFramePool pool) throws Exception;
    }

    private MisuseOfSizedPool() {
    }

    private static SizedFramePool.Builder classes() {
        return SizedFramePool.builder().frames(64, 8).frames(LARGEST, 2);
    }

    static void check(SizedFramePool pool) {
        pool.classes().forEach(MisuseWorld::check);
    }

    private static MisuseRow.Act open(Act act) {
        return _ -> {
            SizedFramePool pool = classes().build();
            try {
                act.run(pool);
            } finally {
                check(pool);
            }
        };
    }

    private static MisuseRow.Act closed(Act act) {
        return open(pool -> {
            pool.close();
            act.run(pool);
        });
    }

    /// While all frames that fit are leased.
    private static MisuseRow.Act empty(Act act) {
        return open(pool -> {
            try (Frame _ = pool.lease(LARGEST); Frame _ = pool.lease(LARGEST)) {
                act.run(pool);
            }
        });
    }

    private static MisuseRow.Act underClose(Act act, Class<? extends Throwable> atEnd) {
        return open(pool -> MisuseRace.untilClosed(() -> act.run(pool), atEnd,
                () -> pool.classes().forEach(Audits::closeUnderUse)));
    }

    static List<MisuseRow> rows() {
        List<MisuseRow> rows = new ArrayList<>();
        rows.add(row(SizedFramePool.class, "builder()").gives(CONCURRENT, "works",
                w -> MisuseRace.untilClosed(SizedFramePool::builder, null, w.pool::close)));
        for (String getter : List.of("classes()", "statistics()")) {
            MisuseRow row = row(SizedFramePool.class, getter);
            rows.add(row.gives(CLOSED, "works", closed(row::call)).gives(CONCURRENT, "works",
                    underClose(row::call, null)));
        }
        rows.add(sized(row(SizedFramePool.class, "pool(int)")).gives(CLOSED, "works", closed(pool -> pool.pool(1)))
                .gives(CONCURRENT, "works", underClose(pool -> pool.pool(1), null)));
        rows.add(leases(row(SizedFramePool.class, "tryLease(int)"))
                .gives(TOO_LARGE, "for what is free: null", empty(pool -> assertNull(pool.tryLease(LARGEST)))));
        rows.add(leases(row(SizedFramePool.class, "lease(int)"))
                .refuses(TOO_LARGE, "for what is free: ", PoolExhaustedException.class,
                        empty(pool -> pool.lease(LARGEST))));
        rows.add(leaseWithPatience());
        rows.add(row(SizedFramePool.class, "audit()")
                .refuses(CLOSED, ClosedException.class, closed(SizedFramePool::audit))
                .gives(CONCURRENT, "works", underClose(SizedFramePool::audit, ClosedException.class)));
        rows.add(row(SizedFramePool.class, "close()").gives(CLOSED, "nothing", closed(SizedFramePool::close))
                .refuses(RELEASED, "with frames that were not: ", LeasesOutstandingException.class,
                        empty(SizedFramePool::close))
                .gives(CONCURRENT, "works", w -> {
                    AtomicReference<SizedFramePool> pool = new AtomicReference<>();
                    MisuseRace.run(() -> pool.set(classes().build()), () -> pool.get().close(), null,
                            _ -> check(pool.get()));
                }));
        return rows;
    }

    private static MisuseRow sized(MisuseRow row) {
        return row.refuses(NEGATIVE, IllegalArgumentException.class, open(pool -> row.call(pool, -1)))
                .refuses(TOO_LARGE, IllegalArgumentException.class, open(pool -> row.call(pool, LARGEST + 1)),
                        open(pool -> row.call(pool, Integer.MAX_VALUE)));
    }

    private static MisuseRow leases(MisuseRow row) {
        return sized(row).refuses(CLOSED, ClosedException.class, closed(pool -> row.call(pool, 1)))
                .gives(CONCURRENT, "works", underClose(pool -> ((Frame) row.call(pool, 1)).release(),
                        ClosedException.class));
    }

    private static MisuseRow leaseWithPatience() {
        return row(SizedFramePool.class, "lease(int, Duration)")
                .refuses(CLOSED, ClosedException.class, closed(pool -> pool.lease(1, Duration.ZERO)))
                .refuses(NULL, NullPointerException.class, open(pool -> pool.lease(1, null)))
                .refuses(NEGATIVE, IllegalArgumentException.class, open(pool -> pool.lease(-1, Duration.ZERO)))
                .gives(NEGATIVE, "patience: as zero", open(pool -> pool.lease(1, Duration.ofSeconds(-1)).release()))
                .refuses(TOO_LARGE, IllegalArgumentException.class,
                        open(pool -> pool.lease(LARGEST + 1, Duration.ZERO)))
                .refuses(TOO_LARGE, "for what is free: ", PoolExhaustedException.class,
                        empty(pool -> pool.lease(LARGEST, Duration.ofNanos(1))))
                .gives(CONCURRENT, "works", underClose(pool -> pool.lease(1, Duration.ofMillis(1)).release(),
                        ClosedException.class));
    }
}
