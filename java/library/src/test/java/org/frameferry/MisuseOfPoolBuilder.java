// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.frameferry.MisuseRow.row;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// [FramePoolBuilder]. Not for several threads, but two of them get a pool with what one of them has said.
final class MisuseOfPoolBuilder {
    private MisuseOfPoolBuilder() {
    }

    static List<MisuseRow> rows() {
        List<MisuseRow> rows = new ArrayList<>();
        rows.add(number("frames", 0, 1 << 20));
        rows.add(number("frameSize", 63, 1 << 20));
        rows.add(number("headroom", -1, 65536));
        rows.add(number("ringCapacity", 0, 1 << 20));
        rows.add(number("bridges", -1, 64));
        rows.add(either("hugePages(boolean)", true, false));
        rows.add(either("zeroOnRelease(boolean)", true, false));
        rows.add(either("name(String)", "one", "another").refuses(NULL, NullPointerException.class,
                _ -> FramePool.builder().name(null))
                .refuses(NULL, "blank: ", IllegalArgumentException.class, _ -> FramePool.builder().name(" ")));
        rows.add(notNull("overflow(Overflow)", Overflow.REFUSE, Overflow.ALLOCATE));
        rows.add(notNull("leakTracking(LeakTracking)", LeakTracking.OFF, LeakTracking.EVERY));
        Consumer<FrameLeak> listener = _ -> { };
        rows.add(notNull("leakListener(Consumer)", listener, listener));
        rows.add(row(FramePoolBuilder.class, "build()").gives(CONCURRENT, "works", w -> {
            FramePoolBuilder builder = FramePool.builder().frames(MisuseWorld.FRAMES).name("built twice");
            MisuseRace.run(200, () -> { }, () -> MisuseWorld.check(builder.build()),
                    () -> MisuseWorld.check(builder.build()), null, _ -> { });
        }));
        return rows;
    }

    /// @param low the largest value that is too small
    /// @param most the largest that is not too large
    private static MisuseRow number(String name, int low, int most) {
        MisuseRow row = either(name + "(int)", 64, 64);
        return row.refuses(NEGATIVE, IllegalArgumentException.class, _ -> row.call(FramePool.builder(), low),
                _ -> row.call(FramePool.builder(), -1), _ -> row.call(FramePool.builder(), Integer.MIN_VALUE))
                .refuses(TOO_LARGE, IllegalArgumentException.class, _ -> row.call(FramePool.builder(), most + 1),
                        _ -> row.call(FramePool.builder(), 2 * most),
                        _ -> row.call(FramePool.builder(), Integer.MAX_VALUE));
    }

    private static MisuseRow notNull(String signature, Object one, Object another) {
        MisuseRow row = either(signature, one, another);
        return row.refuses(NULL, NullPointerException.class, _ -> row.call(FramePool.builder(), (Object) null));
    }

    private static MisuseRow either(String signature, Object one, Object another) {
        MisuseRow row = row(FramePoolBuilder.class, signature);
        return row.gives(CONCURRENT, "either", w -> {
            FramePoolBuilder builder = FramePool.builder();
            MisuseRace.run(MisuseRace.ROUNDS, () -> { }, () -> row.call(builder, one), () -> row.call(builder, another),
                    null, _ -> { });
            MisuseWorld.check(builder.build());
        });
    }
}
