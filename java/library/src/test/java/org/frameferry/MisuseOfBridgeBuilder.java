// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CLOSED;
import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.FOREIGN;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.TOO_LARGE;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// [Bridge.Builder]. Not for several threads, but two of them get a bridge as one of them has said.
final class MisuseOfBridgeBuilder {
    private MisuseOfBridgeBuilder() {
    }

    static List<MisuseRow> rows() {
        return List.of(
                notNull("mode(Mode)", Bridge.Mode.THREADED, Bridge.Mode.INLINE),
                notNull("crossing(Crossing)", Bridge.Crossing.BATCHED, Bridge.Crossing.MAPPED),
                either("budget(int)", 1, 4096)
                        .refuses(NEGATIVE, IllegalArgumentException.class, w -> builder(w).budget(-1),
                                w -> builder(w).budget(0))
                        .refuses(TOO_LARGE, IllegalArgumentException.class, w -> builder(w).budget(4097),
                                w -> builder(w).budget(Integer.MAX_VALUE)),
                notNull("waitStrategy(WaitStrategy)", WaitStrategy.BLOCK, WaitStrategy.YIELD),
                notNull("moderation(Duration)", Duration.ZERO, Duration.ofMillis(10))
                        .refuses(NEGATIVE, IllegalArgumentException.class,
                                w -> builder(w).moderation(Duration.ofNanos(-1)))
                        .refuses(TOO_LARGE, IllegalArgumentException.class,
                                w -> builder(w).moderation(Duration.ofNanos(10_000_001)),
                                w -> builder(w).moderation(MisuseWorld.FOR_EVER)),
                open());
    }

    private static Bridge.Builder builder(MisuseWorld w) {
        return Bridge.builder(w.pool, Way.ANY_PORT);
    }

    private static MisuseRow either(String signature, Object one, Object another) {
        MisuseRow row = MisuseRow.row(Bridge.Builder.class, signature);
        return row.gives(CONCURRENT, "either", w -> {
            Bridge.Builder builder = builder(w);
            MisuseRace.run(MisuseRace.ROUNDS, () -> { }, () -> row.call(builder, one), () -> row.call(builder, another),
                    null, _ -> { });
            builder.open().close();
        });
    }

    private static MisuseRow notNull(String signature, Object one, Object another) {
        MisuseRow row = either(signature, one, another);
        return row.refuses(NULL, NullPointerException.class, w -> row.call(builder(w), (Object) null));
    }

    private static MisuseRow open() {
        return MisuseRow.row(Bridge.Builder.class, "open()").eachWay()
                .refuses(CLOSED, ClosedException.class, w -> {
                    Bridge.Builder builder = w.builder(Way.ANY_PORT);
                    w.pool.close();
                    builder.open();
                })
                .refuses(TOO_LARGE, "more than the pool has: ", FerryException.class, w -> {
                    w.bridge();
                    w.bridge();
                    w.builder(Way.ANY_PORT).open();
                })
                .refuses(FOREIGN, "a device that has not that mode: ", IllegalArgumentException.class,
                        w -> Bridge.builder(w.pool, Loop.device()).mode(Bridge.Mode.INLINE).open(),
                        w -> Bridge.builder(w.pool, SimulatedNic.builder().virtualTime().build()).open(),
                        w -> Bridge.builder(w.pool, new ScriptedDevice()).open(),
                        w -> Bridge.open(w.pool, Device.load(DeviceLibraryTest.NONSENSE, "only_inline", "nothing")))
                .gives(CONCURRENT, "works", MisuseOfBridgeBuilder::openTwo, MisuseOfBridgeBuilder::openWhileClosed);
    }

    private static void openTwo(MisuseWorld w) throws Exception {
        Elsewhere.Action both = () -> w.builder(Way.ANY_PORT).open().close();
        MisuseRace.run(MisuseRace.ROUNDS / 8, () -> { }, both, both, null, _ -> { });
    }

    private static void openWhileClosed(MisuseWorld w) throws Exception {
        AtomicReference<FramePool> pool = new AtomicReference<>();
        MisuseRace.run(MisuseRace.ROUNDS / 8, () -> pool.set(MisuseWorld.newPool()),
                () -> w.way().open(pool.get()).close(), () -> pool.get().close(), ClosedException.class,
                _ -> MisuseWorld.check(pool.get()));
    }
}
