// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.frameferry.bench.Figure;
import org.frameferry.bench.Html;
import org.frameferry.bench.results.Goals;
import org.frameferry.bench.results.Measurement;
import org.frameferry.bench.results.ResultSet;

/** A result set as one HTML file that loads nothing. One page, one thread. */
final class ReportPage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> STREAMS = Map.of("c-to-c", "C to C", "java-to-c", "Java to C", "c-to-java",
            "C to Java", "java-to-java", "Java to Java");
    private static final Map<String, String> ROUND_TRIPS = new TreeMap<>(Map.of("c-round-trip", "C and C",
            "java-c-round-trip", "Java and C", "java-round-trip", "Java and Java"));

    private final ResultSet results;
    private final boolean plain;
    private final ObjectNode charts = JSON.createObjectNode();

    private ReportPage(ResultSet results, boolean plain) {
        this.results = results;
        this.plain = plain;
    }

    /** @param plain whether charts are pictures, and no script is in the page */
    static String html(ResultSet results, boolean plain) {
        return new ReportPage(results, plain).html();
    }

    private String html() {
        Map<String, String> values = new HashMap<>();
        values.put("style", Html.style());
        values.put("machine", Html.escape(results.environment().line()));
        values.put("how", how());
        values.put("goals", goals());
        values.put("crossing", crossing());
        values.put("streams", streams());
        values.put("latency", latency());
        values.put("job", job());
        values.put("scale", scale());
        values.put("others", others());
        values.put("scripts", plain ? "" : scripts());
        return Html.fill(Html.resource(ReportPage.class, "report.html"), values);
    }

    private String scripts() {
        return """
                <script>
                %s</script>
                <script type="application/json" id="data">%s</script>
                <script>
                %s</script>
                """.formatted(Html.chartLibrary(), charts.toString().replace("</", "<\\/"),
                Html.resource(ReportPage.class, "report.js"));
    }

    private String how() {
        return Html.table("How it was measured", Map.of(), List.of("", ""), Stream.of(
                List.of("commands", String.join("\n", results.commands())),
                List.of("native programs", results.environment().compiler()),
                List.of("JVM flags", String.join(" ", results.environment().jvmFlags())),
                List.of("pinning", results.environment().pinning()),
                List.of("not there", String.join("\n", results.notes()))).filter(row -> !row.get(1).isBlank()).toList());
    }

    private String goals() {
        return Html.table("What was aimed at, and what came of it", Map.of(),
                List.of("", "measured", "aimed at", "", "between"), Goals.of(results).stream().map(g -> List.of(g.title(),
                        g.known() ? Figure.number(g.value()) + " " + g.unit() : "not measured",
                        (g.atLeast() ? "at least " : "at most ") + Figure.number(g.aim()) + " " + g.unit(),
                        !g.known() ? "" : g.met() ? "met" : "not met", g.how())).toList());
    }

    private List<Measurement> of(String suite, Predicate<Measurement> which) {
        return results.measurements().stream().filter(m -> m.suite().equals(suite)).filter(which).toList();
    }

    private List<Measurement> workload(String suite, String workload) {
        return of(suite, m -> m.workload().equals(workload));
    }

    private String chart(String title, String id, String parameter, String x, String y, List<Measurement> measurements) {
        Chart chart = Chart.of(id, parameter, x, y, measurements);
        if (chart.isEmpty()) {
            return "";
        }
        chart.put(charts);
        return "<h3>" + Html.escape(title) + "</h3>\n" + (plain ? Picture.svg(chart, title) : chart.canvas(title))
                + chart.table(title);
    }

    private String crossing() {
        StringBuilder text = new StringBuilder();
        for (String thread : List.of("platform", "virtual")) {
            Predicate<Measurement> kind = m -> thread.equals(m.parameters().get("thread"));
            text.append(chart("A descriptor handed to C, " + thread + " threads", "enqueue-" + thread, "batch",
                    "frames a call", "ns a frame", of("crossing", kind.and(m -> m.workload().equals("enqueue")))));
            text.append(chart("The same, with 64 bytes of each frame written, " + thread + " threads",
                    "written-" + thread, "batch", "frames a call", "ns a frame",
                    of("crossing", kind.and(m -> m.workload().equals("enqueue-written")))));
        }
        List<Measurement> empty = workload("crossing", "empty");
        return text + (empty.isEmpty() ? "" : "<h3>An empty call</h3>\n" + table("An empty call", empty));
    }

    private String streams() {
        StringBuilder text = new StringBuilder();
        for (String workload : List.of("c-to-c", "java-to-c", "c-to-java", "java-to-java")) {
            List<Measurement> all = workload("stream", workload);
            List<Measurement> descriptors = all.stream().filter(m -> "8".equals(m.parameters().get("payload"))).toList();
            if (!descriptors.isEmpty()) {
                text.append("<h3>").append(STREAMS.get(workload)).append("</h3>\n").append(Bars.html(
                        STREAMS.get(workload) + ", descriptors of 8 bytes, each at its best setting", descriptors));
            }
            text.append(chart(STREAMS.get(workload) + ", with a payload written and read", "payload-" + workload,
                    "payload", "bytes a frame", "ns a frame", all));
        }
        return text.toString();
    }

    private String latency() {
        return ROUND_TRIPS.entrySet().stream().map(trip -> {
            List<Measurement> all = workload("stream", trip.getKey());
            return all.isEmpty() ? "" : Html.table(trip.getValue(), Map.of(),
                    List.of("", "p50, ns", "p99", "p99.9", "max", "core to core and back, ns"), all.stream()
                            .map(m -> Stream.concat(Stream.of(m.contestant()), Stream.concat(
                                    Stream.of("p50", "p99", "p999", "max").map(key -> m.figures().containsKey(key)
                                            ? Figure.number(m.figures().get(key)) : ""), Stream.of(Bars.trips(m))))
                                    .toList()).toList());
        }).collect(Collectors.joining());
    }

    private String job() {
        List<Measurement> all = of("job", m -> true);
        return all.isEmpty() ? "" : Bars.html("64-byte UDP datagrams received per second of processor time", all);
    }

    private String scale() {
        return chart("The ring's capacity", "scale-ring", "capacity", "slots", "ns a frame", workload("scale", "ring"))
                + chart("Frames in the pool", "scale-pool", "frames", "frames", "ns a frame", workload("scale", "pool"))
                + chart("Bridges on one thread", "scale-bridges", "bridges", "bridges", "ns a frame",
                        workload("scale", "bridges"));
    }

    /** Suites that have a page or a table of their own. */
    private String others() {
        List<String> known = List.of("crossing", "stream", "job", "scale");
        Map<String, List<Measurement>> rest = new LinkedHashMap<>();
        results.measurements().stream().filter(m -> !known.contains(m.suite()))
                .forEach(m -> rest.computeIfAbsent(m.suite(), s -> new ArrayList<>()).add(m));
        return rest.entrySet().stream().map(e -> "<h2>" + Html.escape(e.getKey()) + "</h2>\n"
                + table(e.getKey(), e.getValue())).collect(Collectors.joining());
    }

    private static String table(String caption, List<Measurement> measurements) {
        return Html.table(caption, Map.of(), List.of("", "", "setting", "median", "besides"), measurements.stream()
                .map(m -> List.of(m.workload(), m.contestant(), m.parameters().entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", ")),
                        Figure.number(m.median()) + " " + m.unit() + "\n"
                                + new Figure(m.samples(), Double.NaN).spread(), Bars.figures(m))).toList());
    }
}
