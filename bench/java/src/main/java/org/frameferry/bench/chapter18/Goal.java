// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.util.Locale;
import org.frameferry.bench.Figure;

/**
 * What was aimed at in a line, and whether the figures say that it was met. Immutable; any thread.
 *
 * @param text "at least 5.3 x"
 * @param verdict MET, or how it was not
 * @param shortBy "4.10 x is 23 % less"; "" unless it was not met
 */
record Goal(String text, Verdict verdict, String shortBy) {
    enum Verdict {
        MET, MISSED, UNKNOWN
    }

    static Goal atLeast(double times, Ratio ratio) {
        String text = "at least " + plain(times) + " x";
        if (!ratio.known()) {
            return new Goal(text, Verdict.UNKNOWN, "");
        }
        if (ratio.times() >= times) {
            return new Goal(text, Verdict.MET, "");
        }
        return ratio.atLeast() ? new Goal(text, Verdict.UNKNOWN, ratio.text() + " is all that can be told")
                : new Goal(text, Verdict.MISSED, "%s is %s %% less".formatted(ratio.text(),
                        Figure.number(100 * (1 - ratio.times() / times))));
    }

    /**
     * No more than so many percent.
     *
     * @param what is counted
     * @param percent NaN if it was not measured
     */
    static Goal atMost(String what, double limit, double percent) {
        String text = "%s at most %s %%".formatted(what, plain(limit));
        return Double.isNaN(percent) ? new Goal(text, Verdict.UNKNOWN, "")
                : percent <= limit ? new Goal(text, Verdict.MET, "")
                : new Goal(text, Verdict.MISSED, "%s %% is %s points more".formatted(Figure.number(percent),
                        Figure.number(percent - limit)));
    }

    /** Less by so many percent of what it was, or by more. */
    static Goal less(String what, double percent, double measured) {
        String text = "%s at least %s %% less".formatted(what, plain(percent));
        return Double.isNaN(measured) ? new Goal(text, Verdict.UNKNOWN, "")
                : measured >= percent ? new Goal(text, Verdict.MET, "")
                : new Goal(text, Verdict.MISSED, "%s %% less is %s points short".formatted(Figure.number(measured),
                        Figure.number(percent - measured)));
    }

    /** Within some points of a percentage, on either side. */
    static Goal near(String what, double middle, double points, double percent) {
        String text = "%s within %s of %s %%".formatted(what, plain(points), plain(middle));
        double off = Math.abs(percent - middle);
        return Double.isNaN(percent) ? new Goal(text, Verdict.UNKNOWN, "")
                : off <= points ? new Goal(text, Verdict.MET, "")
                : new Goal(text, Verdict.MISSED, "%s %% is %s points off".formatted(Figure.number(percent),
                        Figure.number(off)));
    }

    /** "at least 5.3 x: met". */
    String line() {
        return text + ": " + switch (verdict) {
            case MET -> "met";
            case MISSED -> "not met, " + shortBy;
            case UNKNOWN -> shortBy.isEmpty() ? "not measured" : "not known, " + shortBy;
        };
    }

    static String plain(double x) {
        return x == Math.rint(x) ? Long.toString((long) x) : String.format(Locale.ROOT, "%s", x);
    }
}
