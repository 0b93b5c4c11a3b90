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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// [SimulatedNic] and its builder.
final class MisuseOfCard {
    private static final long GIGA = 1_000_000_000;

    private MisuseOfCard() {
    }

    static List<MisuseRow> rows() {
        List<MisuseRow> rows = new ArrayList<>();
        rows.add(MisuseRow.row(SimulatedNic.class, "builder()").gives(CONCURRENT, "works",
                _ -> MisuseRace.run(() -> { }, SimulatedNic::builder, null, _ -> { })));
        rows.add(statistics());
        rows.add(spend());
        rows.add(number("lineRate(long)", GIGA, 0L, Long.MIN_VALUE, 400 * GIGA + 1, Long.MAX_VALUE));
        rows.add(number("load(double)", 0.5, 0.0, -1.0, 1.1, Double.NaN));
        rows.add(number("frameBytes(int)", 64, 63, Integer.MIN_VALUE, 9019, Integer.MAX_VALUE));
        rows.add(number("bursty(int)", 2, 0, Integer.MIN_VALUE, 65537, Integer.MAX_VALUE));
        rows.add(number("rxFifo(int)", 2, 0, Integer.MIN_VALUE, 65537, Integer.MAX_VALUE));
        rows.add(number("txFifo(int)", 2, 0, Integer.MIN_VALUE, 65537, Integer.MAX_VALUE));
        rows.add(number("processor(long)", GIGA, 0L, Long.MIN_VALUE, 100 * GIGA + 1, Long.MAX_VALUE));
        rows.add(notNegative("frames(long)", 1L, -1L));
        for (String name : List.of("interruptCycles", "lookCycles", "frameCycles", "armCycles")) {
            rows.add(notNegative(name + "(int)", 1, -1));
        }
        rows.add(works("seed(long)", 1L));
        for (String name : List.of("constant()", "poisson()", "virtualTime()")) {
            rows.add(works(name));
        }
        rows.add(replay());
        rows.add(works("build()"));
        return rows;
    }

    private static MisuseRow statistics() {
        return MisuseRow.row(SimulatedNic.class, "statistics(Bridge)")
                .refuses(CLOSED, ClosedException.class, w -> SimulatedNic.statistics(closed(w.card())))
                .refuses(NULL, NullPointerException.class, _ -> SimulatedNic.statistics(null))
                .refuses(FOREIGN, "another device: ", IllegalArgumentException.class,
                        w -> SimulatedNic.statistics(w.bridge()))
                .gives(CONCURRENT, "works", w -> {
                    Bridge card = w.card();
                    MisuseRace.untilClosed(() -> SimulatedNic.statistics(card), ClosedException.class, card::close);
                });
    }

    private static Bridge closed(Bridge bridge) {
        bridge.close();
        return bridge;
    }

    private static MisuseRow spend() {
        return MisuseRow.row(SimulatedNic.class, "spend(Bridge, long)")
                .refuses(CLOSED, ClosedException.class, w -> SimulatedNic.spend(closed(w.card()), 1))
                .refuses(WRONG_THREAD, WrongThreadException.class, w -> {
                    Bridge card = w.card();
                    SimulatedNic.spend(card, 1);
                    MisuseWorld.stranger(() -> SimulatedNic.spend(card, 1));
                })
                .refuses(NULL, NullPointerException.class, _ -> SimulatedNic.spend(null, 1))
                .refuses(NEGATIVE, IllegalArgumentException.class, w -> SimulatedNic.spend(w.card(), -1),
                        w -> SimulatedNic.spend(w.card(), Long.MIN_VALUE))
                .refuses(TOO_LARGE, IllegalArgumentException.class, w -> SimulatedNic.spend(w.card(), GIGA + 1),
                        w -> SimulatedNic.spend(w.card(), Long.MAX_VALUE))
                .refuses(FOREIGN, "another device, or mode: ", IllegalArgumentException.class,
                        w -> SimulatedNic.spend(w.bridge(), 1), MisuseOfCard::spendOfPoller)
                .gives(CONCURRENT, "for one; the other: WrongThreadException", w -> {
                    Bridge card = w.card();
                    card.receive(w.batch(0)); // this thread has it
                    MisuseRace.run(() -> { }, () -> SimulatedNic.spend(card, 1), WrongThreadException.class,
                            refused -> assertEquals(1, refused));
                });
    }

    private static void spendOfPoller(MisuseWorld w) {
        SimulatedNic.spend(w.ended(Bridge.open(w.pool, SimulatedNic.builder().frames(1).build())), 1);
    }

    private static MisuseRow works(String signature, Object... arguments) {
        MisuseRow row = MisuseRow.row(SimulatedNic.Builder.class, signature);
        return row.gives(CONCURRENT, "either", _ -> {
            SimulatedNic.Builder builder = SimulatedNic.builder();
            MisuseRace.run(() -> { }, () -> row.call(builder, arguments), null, _ -> { });
            builder.build();
        });
    }

    private static MisuseRow notNegative(String signature, Object good, Object... low) {
        MisuseRow row = works(signature, good);
        return row.refuses(NEGATIVE, IllegalArgumentException.class, with(row, low));
    }

    private static MisuseRow number(String signature, Object good, Object low, Object least, Object high, Object most) {
        MisuseRow row = notNegative(signature, good, low, least);
        return row.refuses(TOO_LARGE, IllegalArgumentException.class, with(row, high, most));
    }

    private static MisuseRow.Act[] with(MisuseRow row, Object... values) {
        return Arrays.stream(values).map(value -> (MisuseRow.Act) _ -> row.call(SimulatedNic.builder(), value))
                .toArray(MisuseRow.Act[]::new);
    }

    private static MisuseRow replay() {
        return works("replay(Path)", Path.of("none.pcap"))
                .refuses(NULL, NullPointerException.class, _ -> SimulatedNic.builder().replay(null))
                .refuses(FOREIGN, "when a bridge is opened: ", FerryException.class, w -> {
                    SimulatedNic nic = SimulatedNic.builder().replay(Path.of("none.pcap")).build();
                    Bridge.open(w.pool, nic);
                });
    }
}
