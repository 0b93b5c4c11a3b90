// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which drivers run, against what, how long and in which order. Immutable; any thread. */
record Plan(boolean quick) {
    /** Seconds that a million frames take to simulate: what time is planned for them. */
    private static final double SIMULATED_MILLION = 0.12;
    private static final double FRAMES_A_SECOND = DriverRequest.GIGABIT / 672.0;
    private static final double DEPTH_SECONDS = 0.01;
    private static final double RATE_SECONDS = 0.05;

    /** {@return the two claims: in virtual time each once, in real time the two drivers by turns} */
    List<DriverRequest> claims(Drivers drivers) {
        List<DriverRequest> all = new ArrayList<>();
        for (String arrivals : List.of("constant", "poisson")) {
            drivers.names("virtual").forEach(name -> all.add(DriverRequest.chapter(name, "virtual", arrivals, 1)));
        }
        for (int round = 0; round < (quick ? 3 : 9); round++) {
            drivers.names("real").stream().filter(name -> name.equals("failing") || name.equals("optimised"))
                    .forEach(name -> all.add(DriverRequest.chapter(name, "real", "constant", quick ? 0.5 : 1)));
        }
        return all;
    }

    /** {@return interrupt, NAPI and NAPI with moderation by turns, from an almost idle line to a full one} */
    List<DriverRequest> sweep(String clock, String arrivals) {
        int loads = quick ? 10 : 20;
        double seconds = clock.equals("real") ? (quick ? 0.3 : 1) : (quick ? 0.3 : 0.5);
        return IntStream.rangeClosed(1, loads).boxed().flatMap(i -> Stream.of("interrupt", "napi", "moderated")
                .map(name -> DriverRequest.chapter(name, clock, arrivals, 1).at(load(i, loads), seconds))).toList();
    }

    /** From 5 % to 100 % of the line rate, evenly. */
    private static double load(int i, int loads) {
        return (5 + 95.0 * (i - 1) / (loads - 1)) / 100;
    }

    /** {@return lines that no 1.2 GHz processor keeps up with, in virtual time} */
    List<DriverRequest> rates() {
        return Stream.of(10, 40, 100).flatMap(gigabits -> Stream.of("interrupt", "napi", "failing", "optimised")
                .map(name -> DriverRequest.chapter(name, "virtual", "constant", 1)
                        .lineRate(gigabits * DriverRequest.GIGABIT, RATE_SECONDS))).toList();
    }

    /** {@return what waits in the card, and behind it, while the line is full} */
    List<DriverRequest> depth() {
        return Stream.of("virtual", "real").flatMap(clock -> Stream.of("failing", "optimised").map(name ->
                DriverRequest.chapter(name, clock, clock.equals("real") ? "constant" : "poisson", DEPTH_SECONDS)
                        .noting())).toList();
    }

    /** {@return how long they will take} */
    static double seconds(List<DriverRequest> requests) {
        return requests.stream().mapToDouble(r -> r.clock().equals("real") ? 0.02 + r.frames() / FRAMES_A_SECOND
                : 0.02 + SIMULATED_MILLION * r.frames() / 1e6).sum();
    }
}
