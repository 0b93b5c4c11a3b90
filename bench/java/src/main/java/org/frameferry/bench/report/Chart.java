// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.frameferry.bench.Figure;
import org.frameferry.bench.Html;
import org.frameferry.bench.results.Measurement;

/**
 * A chart of curves on logarithmic axes, and the table of the same figures. Belongs to the thread that makes the page.
 *
 * @param id of its canvas
 * @param x title of the axis that the parameter is on
 * @param curves points by what the curve is called
 */
record Chart(String id, String x, String y, Map<String, TreeMap<Double, Measurement>> curves) {
    /** {@return a curve a contestant, a point a value of the parameter} Of several at one value, the best counts. */
    static Chart of(String id, String parameter, String x, String y, List<Measurement> measurements) {
        Map<String, TreeMap<Double, Measurement>> curves = new LinkedHashMap<>();
        for (Measurement m : measurements) {
            if (!Double.isNaN(m.number(parameter))) {
                curves.computeIfAbsent(m.contestant(), c -> new TreeMap<>()).merge(m.number(parameter), m,
                        (a, b) -> better(a, b) ? a : b);
            }
        }
        return new Chart(id, x, y, curves);
    }

    private static boolean better(Measurement a, Measurement b) {
        return a.moreIsBetter() ? a.median() >= b.median() : a.median() <= b.median();
    }

    boolean isEmpty() {
        return curves.isEmpty();
    }

    void put(ObjectNode charts) {
        ObjectNode chart = charts.putObject(id).put("x", x).put("y", y);
        ArrayNode all = chart.putArray("curves");
        curves.forEach((name, points) -> {
            ArrayNode array = all.addObject().put("label", name).putArray("points");
            points.forEach((at, m) -> array.addArray().add(at).add(m.median()));
        });
    }

    /** {@return where a script is to draw it} */
    String canvas(String caption) {
        return """
                <div class="chart"><canvas id="%s" role="img" aria-label="%s; the table below has the figures"></canvas></div>
                """.formatted(id, Html.escape(caption));
    }

    /** {@return its figures} */
    String table(String caption) {
        Set<Double> values = new TreeSet<>();
        curves.values().forEach(points -> values.addAll(points.keySet()));
        List<String> headings = new ArrayList<>(List.of(x));
        values.forEach(value -> headings.add(Long.toString(value.longValue())));
        List<List<String>> rows = new ArrayList<>();
        curves.forEach((name, points) -> {
            List<String> row = new ArrayList<>(List.of(name));
            values.forEach(value -> row.add(points.containsKey(value)
                    ? Figure.number(points.get(value).median()) + "\n" + spread(points.get(value)) : ""));
            rows.add(row);
        });
        return Html.table(caption + ", " + y, Map.of(), headings, rows);
    }

    private static String spread(Measurement m) {
        return new Figure(m.samples(), Double.NaN).spread();
    }
}
