// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.suite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.frameferry.bench.Figure;
import org.frameferry.bench.results.Goals;
import org.frameferry.bench.results.Measurement;
import org.frameferry.bench.results.ResultSet;

/** A result set as text: a block a workload, a column a contestant; then what was aimed at. Static functions; any thread. */
final class Table {
    private static final int TITLE = 34;
    private static final int CELL = 18;

    private Table() {}

    static List<String> lines(ResultSet results) {
        Map<String, List<Measurement>> workloads = new LinkedHashMap<>();
        results.measurements().forEach(m -> workloads.computeIfAbsent(m.suite() + " " + m.workload() + ", " + m.unit(),
                k -> new ArrayList<>()).add(m));
        List<String> lines = new ArrayList<>();
        workloads.forEach((title, measurements) -> lines.addAll(block(title, measurements)));
        if (results.measurements().stream().anyMatch(m -> !m.roundTrips().isEmpty())) {
            lines.add("  In brackets: ns that a word took from one core to the other and back, around the samples. A host");
            lines.add("  may move the cores; only what was measured while they were placed alike is compared.");
            lines.add("");
        }
        lines.add("  What was aimed at");
        lines.add("  " + "-".repeat(TITLE));
        Set<String> suites = results.measurements().stream().map(Measurement::suite).collect(Collectors.toSet());
        Goals.of(results).stream().filter(goal -> suites.contains(goal.suite()))
                .forEach(goal -> lines.add("  " + goal.line()));
        return lines;
    }

    private static List<String> block(String title, List<Measurement> measurements) {
        Set<String> contestants = new LinkedHashSet<>();
        Map<Map<String, String>, Map<String, Measurement>> rows = new LinkedHashMap<>();
        for (Measurement m : measurements) {
            contestants.add(m.contestant());
            rows.computeIfAbsent(m.parameters(), p -> new LinkedHashMap<>()).put(m.contestant(), m);
        }
        List<String> lines = new ArrayList<>();
        lines.add(row(title, List.copyOf(contestants)));
        lines.add("  " + "-".repeat(TITLE + CELL * contestants.size()));
        sorted(rows).forEach((parameters, row) -> lines.add(row(text(parameters), contestants.stream()
                .map(c -> row.containsKey(c) ? cell(row.get(c)) : "").toList())));
        lines.add("");
        return lines;
    }

    /** By their parameters, numbers as such. */
    private static Map<Map<String, String>, Map<String, Measurement>> sorted(
            Map<Map<String, String>, Map<String, Measurement>> rows) {
        Map<Map<String, String>, Map<String, Measurement>> sorted = new TreeMap<>(Comparator.comparing(
                parameters -> String.join(" ", parameters.entrySet().stream()
                        .map(e -> e.getKey() + "0".repeat(Math.max(0, 12 - e.getValue().length())) + e.getValue())
                        .toList())));
        sorted.putAll(rows);
        return sorted;
    }

    /** "0.51 (110)": the sample and, where two threads met, how far from each other they were. */
    private static String cell(Measurement m) {
        return Figure.number(m.median()) + (m.roundTrips().isEmpty() ? ""
                : " (" + Math.round(Figure.median(m.roundTrips().stream().mapToDouble(x -> x).toArray())) + ")");
    }

    private static String text(Map<String, String> parameters) {
        return String.join(", ", parameters.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
    }

    private static String row(String title, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "  %-" + TITLE + "s", title));
        cells.forEach(cell -> line.append(String.format(Locale.ROOT, " %" + (CELL - 1) + "s",
                cell.substring(0, Math.min(cell.length(), CELL - 1)))));
        return line.toString().stripTrailing();
    }
}
