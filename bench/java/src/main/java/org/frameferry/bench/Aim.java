// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.util.List;
import java.util.Objects;

/** What was aimed at in a row of the table, and whether the figures say that it was met. Immutable; any thread. */
sealed interface Aim {
    /** Ours costs no more than that. */
    record AtMost(double ns) implements Aim {
        @Override
        public String text() {
            return "at most " + plain(ns) + " ns";
        }

        @Override
        public boolean met(Figure ours, List<Figure> rivals) {
            return ours.median() <= ns;
        }
    }

    /** The cheapest rival costs so many times as much. */
    record AtLeast(double times) implements Aim {
        @Override
        public String text() {
            return "at least " + plain(times) + " x";
        }

        @Override
        public boolean met(Figure ours, List<Figure> rivals) {
            return ratio(ours, rivals) >= times;
        }
    }

    /** Ours costs no more than so much above the cheapest of the others, which is ours without something. */
    record AtMostMore(double percent) implements Aim {
        @Override
        public String text() {
            return "at most " + plain(percent) + " % more";
        }

        @Override
        public boolean met(Figure ours, List<Figure> rivals) {
            return 1 / ratio(ours, rivals) <= 1 + percent / 100;
        }
    }

    /** Ours allocates nothing on the heap: what is less than half a byte comes from one frame in many, or from JMH. */
    record NoBytes() implements Aim {
        @Override
        public String text() {
            return "0 B a frame, rounded";
        }

        @Override
        public boolean met(Figure ours, List<Figure> rivals) {
            return ours.bytes() < 0.5;
        }
    }

    String text();

    /**
     * {@return whether the figures are as good as that}
     *
     * @param rivals at least one for an aim that compares
     */
    boolean met(Figure ours, List<Figure> rivals);

    /** "at most 12 ns: met". */
    default String verdict(Figure ours, List<Figure> rivals) {
        if (ours == null || rivals.stream().anyMatch(Objects::isNull)) {
            return text() + ": not measured";
        }
        return text() + (met(ours, rivals) ? ": met" : ": not met");
    }

    /** {@return what the cheapest rival costs, in times of ours} */
    static double ratio(Figure ours, List<Figure> rivals) {
        return rivals.stream().mapToDouble(rival -> rival.times(ours)).min().orElseThrow();
    }

    private static String plain(double x) {
        return x == Math.rint(x) ? Long.toString((long) x) : Double.toString(x);
    }
}
