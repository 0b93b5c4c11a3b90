// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.frameferry.bench.Figure;
import org.frameferry.bench.Html;

/** What the page shows of drivers at many loads and over time: as tables, and as data for the charts. Any thread. */
final class PageSweep {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> DRIVERS = List.of("interrupt", "napi", "moderated");
    private static final int SLOTS = 20;
    private static final int POINTS = 400;

    /** Curves of a chart: one for each driver. */
    private record Kind(String title, String clock, String arrivals) {
        static final List<Kind> ALL = List.of(new Kind("virtual time, constant", "virtual", "constant"),
                new Kind("virtual time, Poisson", "virtual", "poisson"), new Kind("real time", "real", "constant"));

        Optional<DriverRun> find(List<DriverRun> runs, String driver, double load) {
            return runs.stream().filter(run -> run.is("C", driver, clock, arrivals) && run.load() == load).findFirst();
        }
    }

    private PageSweep() {}

    /* ---- tables ----------------------------------------------------------------------- */

    /** {@return a row a load, a column a curve, in percent} */
    static String table(String caption, List<DriverRun> runs, ToDoubleFunction<DriverRun> share) {
        Map<String, Integer> groups = new LinkedHashMap<>();
        Kind.ALL.forEach(kind -> groups.put(kind.title, DRIVERS.size()));
        List<String> headings = new ArrayList<>(List.of("load"));
        Kind.ALL.forEach(kind -> DRIVERS.forEach(driver -> headings.add(name(driver))));
        return Html.table(caption, groups, headings, loads(runs).map(load -> {
            List<String> row = new ArrayList<>(List.of(Figure.number(100 * load) + " %"));
            Kind.ALL.forEach(kind -> DRIVERS.forEach(driver -> row.add(
                    kind.find(runs, driver, load).map(run -> Table.percent(share.applyAsDouble(run))).orElse(""))));
            return row;
        }).toList());
    }

    /** {@return how NAPI goes from interrupts to polling as the load grows} */
    static String modes(List<DriverRun> runs) {
        Kind kind = Kind.ALL.get(1);
        return Html.table("NAPI from interrupts to polling, virtual time, Poisson", Map.of(), List.of("load",
                "frames", "interrupts", "rounds", "budget used up", "empty rounds", "armed, s", "polling, s"),
                loads(runs).map(load -> kind.find(runs, "napi", load)).flatMap(Optional::stream).map(run -> List.of(
                        Figure.number(100 * run.load()) + " %", count(run.arrived()), count(run.interrupts()),
                        count(run.polls()), count(run.fullPolls()), count(run.emptyPolls()),
                        Figure.number(run.armedSeconds()), Figure.number(run.pollingSeconds()))).toList());
    }

    /** {@return lines that the processor cannot keep up with} */
    static String rates(List<DriverRun> runs) {
        return Html.table("Faster lines full of 64-byte frames, virtual time", Map.of(), List.of("line and driver",
                "arrive, M/s", "delivered, M/s", "lost", "CPU"), runs.stream().map(run -> List.of(
                        "%d Gb/s, %s".formatted(run.lineRate() / DriverRequest.GIGABIT, name(run.driver())),
                        Figure.number(run.arrived() / run.seconds() / 1e6), Figure.number(run.rate() / 1e6),
                        Table.percent(run.loss()), Table.percent(run.cpu()))).toList());
    }

    /** {@return the most frames that waited in each of some spans of time} */
    static String depth(String clock, List<DriverRun> runs) {
        List<DriverRun> shown = runs.stream().filter(run -> run.clock().equals(clock)).toList();
        double end = shown.stream().flatMap(run -> run.depth().stream()).mapToDouble(DriverRun.Depth::microseconds)
                .max().orElse(0);
        List<String> headings = new ArrayList<>(List.of("time, ms"));
        shown.forEach(run -> headings.add(run.driver() + ", frames"));
        List<List<String>> rows = new ArrayList<>();
        for (int slot = 0; slot < SLOTS && end > 0; slot++) {
            double from = end * slot / SLOTS;
            double to = end * (slot + 1) / SLOTS;
            List<String> row = new ArrayList<>();
            row.add(String.format(Locale.ROOT, "%.1f to %.1f", from / 1e3, to / 1e3));
            shown.forEach(run -> row.add(run.depth().stream().filter(d -> d.microseconds() >= from
                    && d.microseconds() <= to).mapToLong(DriverRun.Depth::frames).max().stream()
                    .mapToObj(PageSweep::count).collect(Collectors.joining())));
            rows.add(row);
        }
        return Html.table("Most frames waiting at 1 Gb/s, " + clock + " time", Map.of(), headings, rows);
    }

    private static Stream<Double> loads(List<DriverRun> runs) {
        return runs.stream().map(DriverRun::load).distinct().sorted();
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String name(String driver) {
        return driver.equals("napi") ? "NAPI" : driver.equals("moderated") ? "NAPI, gathering for 50 us" : driver;
    }

    /* ---- data for the charts ------------------------------------------------------------ */

    /** {@return JSON that is safe inside a script element} */
    static String data(Report report) {
        ObjectNode root = JSON.createObjectNode();
        curves(root.putArray("loss"), report.sweep(), DriverRun::loss);
        curves(root.putArray("cpu"), report.sweep(), DriverRun::cpu);
        for (String clock : List.of("virtual", "real")) {
            ArrayNode curves = root.putArray(clock.equals("virtual") ? "depthVirtual" : "depthReal");
            report.depth().stream().filter(run -> run.clock().equals(clock)).forEach(run -> {
                ArrayNode points = curves.addObject().put("label", run.driver()).put("colour",
                        run.driver().equals("failing") ? "baseline" : "improved").put("dash", 0).putArray("points");
                thinned(run.depth()).forEach(d -> point(points, d.microseconds() / 1e3, d.frames()));
            });
        }
        return root.toString().replace("<", "\\u003c");
    }

    private static void curves(ArrayNode curves, List<DriverRun> runs, ToDoubleFunction<DriverRun> share) {
        for (String driver : DRIVERS) {
            for (int kind = 0; kind < Kind.ALL.size(); kind++) {
                Kind k = Kind.ALL.get(kind);
                ArrayNode points = curves.addObject().put("label", name(driver) + ", " + k.title).put("colour",
                        driver.equals("interrupt") ? "baseline" : driver.equals("napi") ? "improved" : "further").put("dash", kind).putArray("points");
                loads(runs).map(load -> k.find(runs, driver, load)).flatMap(Optional::stream)
                        .filter(run -> !Double.isNaN(share.applyAsDouble(run)))
                        .forEach(run -> point(points, 100 * run.load(), 100 * share.applyAsDouble(run)));
            }
        }
    }

    private static void point(ArrayNode points, double x, double y) {
        points.addArray().add(x).add(y);
    }

    /** Of what lies too close to be seen apart, the highest. */
    private static List<DriverRun.Depth> thinned(List<DriverRun.Depth> depth) {
        int together = Math.ceilDiv(depth.size(), POINTS);
        List<DriverRun.Depth> thin = new ArrayList<>();
        for (int i = 0; i < depth.size(); i += together) {
            thin.add(depth.subList(i, Math.min(depth.size(), i + together)).stream()
                    .max((a, b) -> Long.compare(a.frames(), b.frames())).orElseThrow());
        }
        return thin;
    }
}
