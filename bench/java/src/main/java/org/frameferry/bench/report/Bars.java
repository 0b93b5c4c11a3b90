// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.frameferry.bench.Figure;
import org.frameferry.bench.Html;
import org.frameferry.bench.results.Measurement;

/** A bar a contestant, at its best setting, with a table of all settings below. Static functions; any thread. */
final class Bars {
    private static final double NS = 1e3; // ns a frame to million frames a second

    private Bars() {}

    /**
     * {@return the bars: the longer the better}
     *
     * @param measurements of one workload; costs are shown as rates
     */
    static String html(String caption, List<Measurement> measurements) {
        Map<String, Measurement> best = new LinkedHashMap<>();
        measurements.forEach(m -> best.merge(m.contestant(), m, (a, b) -> rate(a) >= rate(b) ? a : b));
        List<Measurement> sorted = new ArrayList<>(best.values());
        sorted.sort(Comparator.comparingDouble(Bars::rate).reversed());
        double most = sorted.isEmpty() ? 1 : rate(sorted.getFirst());
        return """
                <table class="bars"><caption>%s</caption><tbody>
                %s</tbody></table>
                <details><summary>Every setting</summary>
                %s</details>
                """.formatted(Html.escape(caption), sorted.stream().map(m -> bar(m, most)).collect(Collectors.joining()),
                all(caption, measurements));
    }

    private static double rate(Measurement m) {
        return m.moreIsBetter() ? m.median() : NS / m.median();
    }

    private static String bar(Measurement m, double most) {
        return String.format(Locale.ROOT, """
                <tr><th scope="row">%s<small>%s</small></th><td><span class="bar%s"><span class="track"><span \
                class="fill" style="width:%.2f%%"></span></span><span class="value">%s</span></span></td></tr>
                """, Html.escape(m.contestant()), Html.escape(settings(m)),
                m.contestant().startsWith("frameferry") ? "" : " chapter", 100 * rate(m) / most,
                Html.escape(value(m)));
    }

    private static String value(Measurement m) {
        return m.moreIsBetter() ? Figure.number(m.median()) + " " + m.unit()
                : Figure.number(rate(m)) + " M/s, " + Figure.number(m.median()) + " ns";
    }

    private static String settings(Measurement m) {
        return m.parameters().entrySet().stream().map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
    }

    /** Sample by sample, with what else was counted and where the cores were. */
    private static String all(String caption, List<Measurement> measurements) {
        List<List<String>> rows = measurements.stream()
                .sorted(Comparator.comparing(Measurement::contestant).thenComparing(Measurement::median))
                .map(m -> List.of(m.contestant(), settings(m), Figure.number(m.median()) + "\n"
                        + new Figure(m.samples(), Double.NaN).spread(), trips(m), figures(m))).toList();
        return Html.table(caption, Map.of(), List.of("", "setting", measurements.isEmpty() ? ""
                : measurements.getFirst().unit(), "core to core and back, ns", "besides"), rows);
    }

    static String trips(Measurement m) {
        return m.roundTrips().isEmpty() ? "" : new Figure(m.roundTrips(), Double.NaN).spread();
    }

    static String figures(Measurement m) {
        return m.figures().entrySet().stream().map(e -> e.getKey() + " " + Figure.number(e.getValue()))
                .collect(Collectors.joining(", "));
    }
}
