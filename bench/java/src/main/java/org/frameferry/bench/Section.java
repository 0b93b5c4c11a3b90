// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Rows of the table that have their contestants in common: medians, below them their spread and the bytes allocated,
 * and on the left what was aimed at. Immutable; any thread.
 *
 * @param title above the rows
 * @param columns the contestants, ours first
 * @param rivals the columns that ours is compared with, perhaps none: the cheapest of them counts
 * @param workloads a row each
 */
record Section(String title, List<String> columns, List<Integer> rivals, List<Workload> workloads) {
    private static final int TITLE = 38;
    private static final int CELL = 13;

    /**
     * What the contestants were made to do.
     *
     * @param title for people
     * @param keys of the figures, by column; "" where a contestant has none
     * @param less key of the cost that is taken off every figure, "" if none is
     * @param aims a line each
     */
    record Workload(String title, List<String> keys, String less, List<Aim> aims) {
    }

    /** {@return the section as text} */
    List<String> lines(Map<String, Figure> figures) {
        List<String> lines = new ArrayList<>();
        lines.add(row(title, columns, ""));
        lines.add("  " + "-".repeat(TITLE + CELL * (columns.size() + 1)));
        for (Workload w : workloads) {
            lines.addAll(lines(w, figures));
        }
        return lines;
    }

    private List<String> lines(Workload w, Map<String, Figure> figures) {
        List<Figure> cells = new ArrayList<>();
        for (String key : w.keys) {
            cells.add(cell(figures.get(key), w.less, figures));
        }
        Figure ours = cells.getFirst();
        List<Figure> others = new ArrayList<>();
        rivals.forEach(i -> others.add(cells.get(i)));
        List<String> lines = new ArrayList<>();
        lines.add(row(w.title, texts(cells, f -> Figure.number(f.median())), ratio(ours, others)));
        List<List<String>> below = Stream.of(texts(cells, Figure::spread), texts(cells, Figure::allocated))
                .filter(texts -> !texts.stream().allMatch(String::isEmpty)).toList();
        for (int i = 0; i < Math.max(w.aims.size(), below.size()); i++) {
            lines.add(row(i < w.aims.size() ? "  " + w.aims.get(i).verdict(ours, others) : "",
                    i < below.size() ? below.get(i) : List.of(), ""));
        }
        return lines;
    }

    private static Figure cell(Figure figure, String less, Map<String, Figure> figures) {
        if (figure == null || less.isEmpty()) {
            return figure;
        }
        Figure part = figures.get(less);
        return part == null ? null : figure.less(part);
    }

    private static List<String> texts(List<Figure> cells, Function<Figure, String> text) {
        return cells.stream().map(f -> f == null ? "" : text.apply(f)).toList();
    }

    /** A rival that was not measured might have been the cheapest. */
    private static String ratio(Figure ours, List<Figure> others) {
        return ours == null || others.isEmpty() || others.contains(null) ? ""
                : times(Aim.ratio(ours, others));
    }

    private static String times(double ratio) {
        return (ratio < Figure.MANY ? Figure.number(ratio) : ">" + Figure.number(Figure.MANY)) + " x";
    }

    private static String row(String title, List<String> cells, String last) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "  %-" + TITLE + "s", title));
        cells.forEach(cell -> line.append(String.format(Locale.ROOT, "%" + CELL + "s", cell)));
        return line.append(String.format(Locale.ROOT, "%" + CELL + "s", last)).toString().stripTrailing();
    }
}
