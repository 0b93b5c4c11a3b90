// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CLOSED;
import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.FOREIGN;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.frameferry.Misuse.WRONG_THREAD;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// [CoalescingSenderBuilder]. Not for several threads, but two of them get a sender as one of them has said.
final class MisuseOfSenderBuilder {
    private MisuseOfSenderBuilder() {
    }

    static List<MisuseRow> rows() {
        return List.of(either("live()"), either("bulk()"),
                either("frames(int)", 8)
                        .refuses(NEGATIVE, IllegalArgumentException.class, w -> builder(w).frames(-1),
                                w -> builder(w).frames(0))
                        .refuses(TOO_LARGE, IllegalArgumentException.class, w -> builder(w).frames(1025),
                                w -> builder(w).frames(Integer.MAX_VALUE)),
                either("linger(Duration)", Duration.ZERO)
                        .refuses(NULL, NullPointerException.class, w -> builder(w).linger(null))
                        .refuses(NEGATIVE, IllegalArgumentException.class, w -> builder(w).linger(Duration.ofNanos(-1)))
                        .refuses(TOO_LARGE, IllegalArgumentException.class,
                                w -> builder(w).linger(Duration.ofHours(1).plusNanos(1)),
                                w -> builder(w).linger(MisuseWorld.FOR_EVER)),
                either("drain(Duration)", Duration.ZERO)
                        .refuses(NULL, NullPointerException.class, w -> builder(w).drain(null))
                        .refuses(NEGATIVE, IllegalArgumentException.class, w -> builder(w).drain(Duration.ofNanos(-1)))
                        .gives(TOO_LARGE, "works", w -> {
                            CoalescingSender sender = builder(w).drain(MisuseWorld.FOR_EVER).open();
                            sender.trySubmit(w.pool.lease());
                            sender.close();
                        }),
                open());
    }

    private static CoalescingSenderBuilder builder(MisuseWorld w) {
        return CoalescingSender.builder(w.loop());
    }

    private static MisuseRow either(String signature, Object... arguments) {
        MisuseRow row = MisuseRow.row(CoalescingSenderBuilder.class, signature);
        return row.gives(CONCURRENT, "either", w -> {
            CoalescingSenderBuilder builder = builder(w);
            MisuseRace.run(() -> { }, () -> row.call(builder, arguments), null, _ -> { });
            builder.open().close();
        });
    }

    private static MisuseRow open() {
        return MisuseRow.row(CoalescingSenderBuilder.class, "open()")
                .refuses(CLOSED, ClosedException.class, w -> CoalescingSender.builder(w.closedBridge()).open())
                .refuses(WRONG_THREAD, WrongThreadException.class, w -> {
                    Bridge loop = w.loop();
                    loop.send(w.batch(0));
                    MisuseWorld.stranger(() -> CoalescingSender.builder(loop).open());
                })
                .refuses(FOREIGN, "of another sender: ", IllegalStateException.class, w -> {
                    Bridge loop = w.loop();
                    w.sender(loop, 4);
                    CoalescingSender.builder(loop).open();
                })
                .gives(CONCURRENT, "for one; the other: IllegalStateException", MisuseOfSenderBuilder::openTwice);
    }

    private static void openTwice(MisuseWorld w) throws Exception {
        CoalescingSenderBuilder builder = builder(w);
        AtomicReference<CoalescingSender> opened = new AtomicReference<>();
        MisuseRace.run(MisuseRace.ROUNDS / 4, () -> { }, () -> opened.set(builder.open()),
                () -> opened.set(builder.open()), IllegalStateException.class, refused -> {
                    assertEquals(1, refused);
                    opened.get().close();
                });
    }
}
