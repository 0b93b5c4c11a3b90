// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.frameferry.bench.Figure;

/**
 * A claim of the chapter, and what came of it here. Immutable; any thread.
 *
 * @param chapter what it says
 * @param lines what was measured, the claim itself first
 * @param note what has to be known to read the figures, "" for nothing
 * @param limits why a run may fall short, shown only if it does
 */
record Claim(Chapter chapter, List<Line> lines, String note, String limits) {
    /** Would be shown as 0.00. */
    private static final double TINY = 0.005;

    /**
     * Two ways of doing the same.
     *
     * @param title what this line adds
     * @param unit of both sides
     * @param ratio NONE where the line is no comparison by times
     * @param goals perhaps none
     * @param remark "" for nothing
     */
    record Line(String title, Side baseline, Side improved, String unit, Ratio ratio, List<Goal> goals,
            String remark) {
    }

    /**
     * One of the two.
     *
     * @param name of the contestant
     * @param figure null if it was not measured
     * @param more by the names that they have in JSON: cycles, d1Misses, llMisses; loss and cpu as shares
     */
    record Side(String name, Figure figure, Map<String, Double> more) {
        /** "61.2 ns"; "" if it was not measured. */
        String text(String unit) {
            return figure == null ? "" : number(figure.median()) + " " + unit;
        }
    }

    /** What is there is not shown as nothing, and nothing not as less. */
    static String number(double x) {
        return x > 0 && x < TINY ? "<" + Figure.number(2 * TINY) : Figure.number(x < 0 && x > -TINY ? 0 : x);
    }

    String id() {
        return chapter.id();
    }

    /** {@return the line that the chapter's own ratio stands beside} */
    Line head() {
        return lines.getFirst();
    }

    /** {@return how much it falls short, where it does, and why; "" where it does not} */
    String shortfall() {
        List<String> missed = lines.stream().flatMap(line -> line.goals().stream()
                .filter(goal -> goal.verdict() == Goal.Verdict.MISSED).map(goal -> line.title() + ": " + goal.text()
                        + " was aimed at, " + goal.shortBy())).toList();
        return missed.isEmpty() ? ""
                : String.join("; ", missed) + "." + (limits.isEmpty() ? "" : " " + limits);
    }

    /** {@return everything that the claim says in sentences, in order} */
    List<String> notes() {
        return Stream.of(Stream.of(note), lines.stream().map(Line::remark), Stream.of(shortfall()))
                .flatMap(texts -> texts).filter(text -> !text.isEmpty()).toList();
    }
}
