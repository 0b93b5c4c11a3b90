// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.frameferry.bench.Html;
import org.frameferry.bench.chapter18.Claim.Line;
import org.frameferry.bench.chapter18.Claim.Side;

/**
 * The report as one HTML file that loads nothing: its tables and bars are plain HTML, its charts are drawn by the
 * library inside it. Static functions; any thread.
 */
final class Page {
    /** What was counted besides, and what people call it. */
    private static final Map<String, String> MORE = new TreeMap<>(Map.of("cycles", "cycles", "d1Misses", "D1 misses",
            "llMisses", "LL misses"));

    private Page() {}

    static String html(Report report) {
        Map<String, String> values = new HashMap<>();
        values.put("style", Html.style());
        values.put("library", Html.chartLibrary());
        values.put("script", Html.resource(Page.class, "page.js"));
        values.put("data", PageSweep.data(report));
        values.put("machine", Html.escape(report.machine().line()));
        values.put("date", LocalDate.now().toString());
        values.put("bars", bars(report.claims()));
        values.put("claims", report.claims().stream().map(Page::claim).collect(Collectors.joining()));
        values.put("loss", PageSweep.table("Frames lost, %, by offered load", report.sweep(), DriverRun::loss));
        values.put("cpu", PageSweep.table("Receiving processor busy, %, by offered load", report.sweep(),
                DriverRun::cpu));
        values.put("modes", PageSweep.modes(report.sweep()));
        values.put("rates", PageSweep.rates(report.rates()));
        values.put("depthVirtual", PageSweep.depth("virtual", report.depth()));
        values.put("depthReal", PageSweep.depth("real", report.depth()));
        return Html.fill(Html.resource(Page.class, "page.html"), values);
    }

    /* ---- bars ------------------------------------------------------------------------- */

    /** Logarithmic: what is twice as long is squared. */
    private static String bars(List<Claim> claims) {
        double most = claims.stream().flatMap(claim -> Stream.of(claim.chapter().ratio(), claim.head().ratio().times()))
                .filter(x -> !Double.isNaN(x)).max(Double::compare).orElse(1.0);
        int decades = (int) Math.max(1, Math.ceil(Math.log10(most)));
        String rows = claims.stream().map(claim -> """
                <tr><th scope="row"><a href="#%s">%s</a></th><td>%s%s</td></tr>
                """.formatted(claim.id(), Html.escape(claim.chapter().title()),
                bar("chapter", "chapter", new Ratio(claim.chapter().ratio(), false),
                        Goal.plain(claim.chapter().ratio()) + " x", decades),
                bar("ours", "here", claim.head().ratio(), claim.head().ratio().text(), decades)))
                .collect(Collectors.joining());
        return rows + axis(decades);
    }

    private static String bar(String cssClass, String who, Ratio ratio, String text, int decades) {
        double width = ratio.known() ? Math.max(0, 100 * Math.log10(ratio.times()) / decades) : 0;
        return String.format(Locale.ROOT, """
                <span class="bar %s%s"><span class="who">%s</span><span class="track"><span class="fill" \
                style="width:%.2f%%"></span></span><span class="value">%s</span></span>""", cssClass,
                ratio.atLeast() ? " open" : "", who, width, Html.escape(text.isEmpty() ? "not known" : text));
    }

    private static String axis(int decades) {
        StringBuilder marks = new StringBuilder();
        for (int i = 0; i <= decades; i++) {
            marks.append(String.format(Locale.ROOT, "<span style=\"left:%.2f%%\">%,.0f</span>", 100.0 * i / decades,
                    Math.pow(10, i)));
        }
        return "<tr class=\"axis\" aria-hidden=\"true\"><td></td><td><span class=\"bar\"><span class=\"who\"></span>"
                + "<span class=\"track\">" + marks + "</span><span class=\"value\"></span></span></td></tr>\n";
    }

    /* ---- a claim ---------------------------------------------------------------------- */

    private static String claim(Claim claim) {
        Chapter chapter = claim.chapter();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("the chapter", chapter.text(chapter.baseline()), chapter.text(chapter.improved()),
                Goal.plain(chapter.ratio()) + " x", ""));
        claim.lines().forEach(line -> rows.add(List.of(line.title(), cell(line.baseline(), line.unit()),
                cell(line.improved(), line.unit()), line.ratio().text(),
                line.goals().stream().map(Goal::line).collect(Collectors.joining("\n")))));
        return """
                <article id="%s">
                <h3>%s</h3>
                %s%s%s%s</article>
                """.formatted(claim.id(), Html.escape(chapter.title()),
                Html.paragraph("definition", chapter.workload()),
                Html.table("Medians: " + chapter.title(), Map.of(), List.of("", "baseline", "improved", "ratio",
                        "aimed at"), rows),
                Html.paragraph("chapter-says", "The chapter besides: " + chapter.more() + "."),
                claim.notes().stream().map(note -> Html.paragraph("note", note)).collect(Collectors.joining()));
    }

    /** The median with its unit; below it who, the spread, and what else was counted. */
    private static String cell(Side side, String unit) {
        if (side.figure() == null) {
            return "\n" + side.name() + ", not measured";
        }
        Stream<String> more = MORE.entrySet().stream().filter(what -> side.more().containsKey(what.getKey()))
                .map(what -> Claim.number(side.more().get(what.getKey())) + " " + what.getValue());
        return Stream.concat(Stream.of(side.text(unit), side.name(), side.figure().spread()), more)
                .filter(text -> !text.isEmpty()).collect(Collectors.joining("\n"));
    }
}
