// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.REENTRANT;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// [SizedFramePool.Builder]. Not for several threads, and not to be called by the options of a class; who does both all
/// the same gets a whole pool.
final class MisuseOfSizedPoolBuilder {
    private static final Consumer<FramePoolBuilder> NOTHING = _ -> { };

    private MisuseOfSizedPoolBuilder() {
    }

    static List<MisuseRow> rows() {
        return List.of(
                row("frames(int, int)")
                        .refuses(NEGATIVE, IllegalArgumentException.class, _ -> one().frames(-1, 1),
                                _ -> one().frames(256, -1))
                        .refuses(TOO_LARGE, IllegalArgumentException.class, _ -> one().frames((1 << 20) + 1, 1),
                                _ -> one().frames(256, (1 << 20) + 1))
                        .gives(REENTRANT, "from `each`: works", _ -> fromEach(builder -> builder.frames(128, 1)))
                        .gives(CONCURRENT, "works", _ -> sizes()),
                preset("audio()"), preset("smallMediumLarge()"),
                either("name(String)", builder -> builder.name("one"), builder -> builder.name("another"))
                        .refuses(NULL, NullPointerException.class, _ -> one().name(null))
                        .refuses(NULL, "blank: ", IllegalArgumentException.class, _ -> one().name(" ")),
                either("nextLarger(boolean)", builder -> builder.nextLarger(true),
                        builder -> builder.nextLarger(false)),
                either("overflow(Overflow)", builder -> builder.overflow(Overflow.REFUSE),
                        builder -> builder.overflow(Overflow.ALLOCATE))
                        .refuses(NULL, NullPointerException.class, _ -> one().overflow(null)),
                row("each(Consumer)").refuses(NULL, NullPointerException.class, _ -> one().each(null))
                        .gives(REENTRANT, "works", _ -> fromEach(builder -> builder.each(NOTHING)))
                        .gives(CONCURRENT, "works", _ -> options()),
                row("build()").refuses(NULL, "without a class: ", IllegalStateException.class,
                        _ -> SizedFramePool.builder().build())
                        .refuses(REENTRANT, "from `each`: ", IllegalStateException.class,
                                _ -> fromEach(SizedFramePool.Builder::build))
                        .gives(CONCURRENT, "works, or IllegalStateException", _ -> builds()));
    }

    private static MisuseRow row(String signature) {
        return MisuseRow.row(SizedFramePool.Builder.class, signature);
    }

    private static SizedFramePool.Builder one() {
        return SizedFramePool.builder().frames(64, 1);
    }

    /// A pool whose options come back to its builder, once.
    private static void fromEach(Consumer<SizedFramePool.Builder> back) {
        SizedFramePool.Builder builder = one();
        AtomicInteger calls = new AtomicInteger();
        builder.each(_ -> {
            if (calls.incrementAndGet() == 1) {
                back.accept(builder);
            }
        });
        MisuseOfSizedPool.check(builder.build());
    }

    private static MisuseRow either(String signature, UnaryOperator<SizedFramePool.Builder> first,
            UnaryOperator<SizedFramePool.Builder> second) {
        return row(signature).gives(CONCURRENT, "either", _ -> {
            SizedFramePool.Builder builder = one();
            MisuseRace.run(MisuseRace.ROUNDS, () -> { }, () -> first.apply(builder), () -> second.apply(builder), null,
                    _ -> { });
            MisuseOfSizedPool.check(builder.build());
        });
    }

    private static MisuseRow preset(String signature) {
        MisuseRow row = row(signature);
        return row.refuses(REENTRANT, "twice: ", IllegalArgumentException.class,
                _ -> row.call(row.call(SizedFramePool.builder())))
                .gives(CONCURRENT, "for one; the other: IllegalArgumentException", _ -> {
                    AtomicReference<SizedFramePool.Builder> builder = new AtomicReference<>();
                    MisuseRace.run(() -> builder.set(SizedFramePool.builder()), () -> row.call(builder.get()),
                            IllegalArgumentException.class, refused -> assertEquals(1, refused));
                });
    }

    /// A class each: both are there.
    private static void sizes() throws Exception {
        AtomicReference<SizedFramePool.Builder> builder = new AtomicReference<>();
        AtomicReference<SizedFramePool> pool = new AtomicReference<>();
        MisuseRace.run(MisuseRace.ROUNDS / 4, () -> builder.set(one()), () -> builder.get().frames(128, 1),
                () -> builder.get().frames(192, 1), null, _ -> {
                    pool.set(builder.get().build());
                    assertEquals(3, pool.get().classes().size());
                    MisuseOfSizedPool.check(pool.get());
                });
    }

    private static void options() throws Exception {
        SizedFramePool.Builder builder = one();
        AtomicInteger calls = new AtomicInteger();
        Consumer<FramePoolBuilder> option = _ -> calls.incrementAndGet();
        MisuseRace.run(() -> { }, () -> builder.each(option), null, _ -> { });
        MisuseOfSizedPool.check(builder.build());
        assertEquals(2 * MisuseRace.ROUNDS, calls.get());
    }

    private static void builds() throws Exception {
        SizedFramePool.Builder builder = one();
        MisuseRace.run(() -> { }, () -> MisuseOfSizedPool.check(builder.build()), IllegalStateException.class,
                refused -> assertEquals(0, refused / 2, "nobody got one"));
    }
}
