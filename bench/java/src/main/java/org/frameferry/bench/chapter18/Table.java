// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.frameferry.bench.Figure;
import org.frameferry.bench.chapter18.Claim.Line;
import org.frameferry.bench.chapter18.Claim.Side;

/** The report for a terminal, in lines of at most 110 columns. Static functions; any thread. */
final class Table {
    private static final int WIDTH = 110;
    private static final String ROW = "  %-38s%10s%10s%8s  %13s%12s%15s";

    private Table() {}

    static List<String> lines(Report report) {
        List<String> lines = new ArrayList<>();
        lines.add(row("", "chapter 18", "", "", "this machine", "", ""));
        lines.add(row("an operation", "baseline", "improved", "ratio", "baseline", "improved", "ratio"));
        lines.add("  " + "-".repeat(WIDTH - 2));
        report.claims().forEach(claim -> add(lines, claim));
        lines.addAll(rates(report.rates()));
        return lines;
    }

    private static void add(List<String> lines, Claim claim) {
        Chapter chapter = claim.chapter();
        lines.add(row(chapter.title(), chapter.text(chapter.baseline()),
                chapter.text(chapter.improved()), Goal.plain(chapter.ratio()) + " x", "", "", ""));
        for (Line line : claim.lines()) {
            lines.add(row("  " + line.title(), "", "", "", line.baseline().text(line.unit()),
                    line.improved().text(line.unit()), line.ratio().shortText()));
            addMore(lines, line, "cycles");
            addMore(lines, line, "d1Misses");
            addMore(lines, line, "llMisses");
            line.goals().forEach(goal -> lines.addAll(wrapped("      ", goal.line())));
        }
        claim.notes().forEach(note -> lines.addAll(wrapped("    ", note)));
        lines.add("");
    }

    private static void addMore(List<String> lines, Line line, String what) {
        if (line.baseline().more().containsKey(what) || line.improved().more().containsKey(what)) {
            lines.add(row("    " + title(what), "", "", "", more(line.baseline(), what), more(line.improved(), what),
                    ""));
        }
    }

    private static String title(String what) {
        return switch (what) {
            case "cycles" -> "cycles (TSC)";
            case "d1Misses" -> "D1 misses (cachegrind)";
            case "llMisses" -> "LL misses (cachegrind)";
            default -> what;
        };
    }

    private static String more(Side side, String what) {
        return side.more().containsKey(what) ? Claim.number(side.more().get(what)) : "";
    }

    /** Lines that the simulated processor cannot keep up with, so that what differs is how much it still delivers. */
    private static List<String> rates(List<DriverRun> runs) {
        List<String> lines = new ArrayList<>();
        if (runs.isEmpty()) {
            return lines;
        }
        lines.add(rate("Faster lines, virtual time", "arrive, M/s", "delivered, M/s", "lost", "CPU"));
        lines.add("  " + "-".repeat(WIDTH - 2));
        Function<Double, String> millions = rate -> Figure.number(rate / 1e6);
        runs.forEach(run -> lines.add(rate("  %d Gb/s, %s".formatted(run.lineRate() / DriverRequest.GIGABIT,
                run.driver()), millions.apply(run.arrived() / run.seconds()), millions.apply(run.rate()),
                percent(run.loss()), percent(run.cpu()))));
        return lines;
    }

    private static String rate(Object... cells) {
        return String.format(Locale.ROOT, "  %-38s%18s%18s%18s%16s", cells);
    }

    static String percent(double share) {
        return Double.isNaN(share) ? "" : Claim.number(100 * share) + " %";
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, ROW, cells).stripTrailing();
    }

    private static List<String> wrapped(String indent, String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.split(" ")) {
            if (line.length() + word.length() + 1 > WIDTH) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
