// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CLOSED;
import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.frameferry.MisuseRow.row;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// [PoolTuning], whose thresholds change while the pool is in use.
final class MisuseOfTuning {
    private MisuseOfTuning() {
    }

    static List<MisuseRow> rows() {
        List<MisuseRow> rows = new ArrayList<>();
        for (String name : List.of("timeToLive", "pressedTimeToLive", "pressedLatency", "latencyLife")) {
            rows.add(works(row(PoolTuning.class, name + "()")));
            MisuseRow setter = works(row(PoolTuning.class, name + "(Duration)"), Duration.ofSeconds(1));
            rows.add(setter.refuses(NULL, NullPointerException.class, w -> setter.call(w.pool.tuning(), (Object) null))
                    .refuses(NEGATIVE, IllegalArgumentException.class,
                            w -> setter.call(w.pool.tuning(), Duration.ofNanos(-1)),
                            w -> setter.call(w.pool.tuning(), Duration.ZERO))
                    .gives(TOO_LARGE, "works", w -> {
                        setter.call(w.pool.tuning(), MisuseWorld.FOR_EVER);
                        w.pool.trim();
                    }));
        }
        for (String name : List.of("magazines", "pressedMagazines")) {
            rows.add(works(row(PoolTuning.class, name + "()")));
            MisuseRow setter = works(row(PoolTuning.class, name + "(int)"), 1);
            rows.add(setter.refuses(NEGATIVE, IllegalArgumentException.class, w -> setter.call(w.pool.tuning(), -1))
                    .refuses(TOO_LARGE, IllegalArgumentException.class, w -> setter.call(w.pool.tuning(), 1025)));
        }
        rows.add(works(row(PoolTuning.class, "leakTracking()")));
        rows.add(works(row(PoolTuning.class, "leakTracking(LeakTracking)"), LeakTracking.EVERY)
                .refuses(NULL, NullPointerException.class, w -> w.pool.tuning().leakTracking(null)));
        return rows;
    }

    private static MisuseRow works(MisuseRow row, Object... arguments) {
        return row.gives(CLOSED, "works", w -> row.call(w.closedPool().tuning(), arguments))
                .gives(CONCURRENT, "works", w -> MisuseRace.untilClosed(() -> row.call(w.pool.tuning(), arguments),
                        null, w.pool::close));
    }
}
