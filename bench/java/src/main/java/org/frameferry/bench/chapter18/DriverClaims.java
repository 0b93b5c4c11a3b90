// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.frameferry.bench.Figure;
import org.frameferry.bench.chapter18.Claim.Line;
import org.frameferry.bench.chapter18.Claim.Side;

/** The two claims about drivers that receive from the simulated card. Static functions; any thread. */
final class DriverClaims {
    private static final double INTERRUPT_LOSS = 31;
    private static final double NAPI_LOSS = 0.12;
    private static final double CONSTANT_LESS_CPU = 17;
    private static final double POISSON_LESS_CPU = 28;

    private DriverClaims() {}

    /** Virtual time, so one run of each says it all. */
    static Claim napi(List<DriverRun> runs) {
        List<Line> lines = new ArrayList<>();
        lines.addAll(comparison(runs, "constant", CONSTANT_LESS_CPU));
        lines.addAll(comparison(runs, "poisson", POISSON_LESS_CPU));
        return new Claim(Chapter.NAPI, lines, napiNote(runs), "");
    }

    private static List<Line> comparison(List<DriverRun> runs, String arrivals, double lessCpu) {
        List<DriverRun> interrupt = select(runs, "C", "interrupt", "virtual", arrivals);
        List<DriverRun> napi = select(runs, "C", "napi", "virtual", arrivals);
        Side lossBefore = side("interrupt", interrupt, run -> 100 * run.loss());
        Side lossAfter = side("NAPI", napi, run -> 100 * run.loss());
        Side cpuBefore = side("interrupt", interrupt, run -> 100 * run.cpu());
        Side cpuAfter = side("NAPI", napi, run -> 100 * run.cpu());
        double less = 100 * (1 - median(cpuAfter) / median(cpuBefore));
        Side rateBefore = side("interrupt", interrupt, run -> run.rate() / 1e3);
        Side rateAfter = side("NAPI", napi, run -> run.rate() / 1e3);
        String title = title(arrivals);
        Side cpuModerated = side("moderated", select(runs, "C", "moderated", "virtual", arrivals), run -> 100 * run.cpu());
        return List.of(
                new Line(title + " arrivals, delivered", rateBefore, rateAfter, "k/s",
                        Ratio.of(rateAfter.figure(), rateBefore.figure()), List.of(), ""),
                new Line(title + ", loss", lossBefore, lossAfter, "%", Ratio.NONE,
                        List.of(Goal.near("interrupt", INTERRUPT_LOSS, 1, median(lossBefore)),
                                Goal.atMost("NAPI", NAPI_LOSS, median(lossAfter))), ""),
                new Line(title + ", CPU", cpuBefore, cpuAfter, "%", Ratio.NONE,
                        List.of(Goal.less("CPU", lessCpu, less)), ""),
                new Line(title + ", CPU, gathering for 50 us", cpuBefore, cpuModerated, "%", Ratio.NONE, List.of(), ""));
    }

    /** Poisson was a person. */
    private static String title(String arrivals) {
        return arrivals.equals("poisson") ? "Poisson" : arrivals;
    }

    /** What the rate can gain is limited by what was lost, whatever the driver. */
    private static String napiNote(List<DriverRun> runs) {
        String note = "A driver that loses 31 % can gain at most 1 / (1 - 0.31) = 1.449 times its rate, when it loses"
                + " nothing any more: the chapter's 1.48 cannot be had together with its 31 %, and its 1.70 for the"
                + " whole driver even less.";
        List<DriverRun> interrupt = select(runs, "C", "interrupt", "virtual", "constant");
        if (interrupt.isEmpty()) {
            return note;
        }
        DriverRun run = interrupt.getFirst();
        return note + " Here the loss is %s %%, and the limit %s. Cycles charged: %s.".formatted(
                Figure.number(100 * run.loss()), String.format(Locale.ROOT, "%.3f", 1 / (1 - run.loss())), costs(run));
    }

    /** "crossing 0, frame 160, ... at 1.20 GHz". */
    static String costs(DriverRun run) {
        return run.costs().entrySet().stream().filter(cost -> !cost.getKey().equals("hz"))
                .map(cost -> cost.getKey() + " " + cost.getValue()).collect(Collectors.joining(", "))
                + " at %s GHz".formatted(Figure.number(run.costs().getOrDefault("hz", 0L) / 1e9));
    }

    static Claim driver(List<DriverRun> runs) {
        List<Line> lines = new ArrayList<>();
        lines.add(driver(runs, "C", "virtual", "constant"));
        lines.add(driver(runs, "C", "virtual", "poisson"));
        lines.add(driver(runs, "C", "real", "constant"));
        runs.stream().map(DriverRun::language).filter(language -> !language.equals("C")).distinct()
                .forEach(language -> List.of("virtual", "real")
                        .forEach(clock -> lines.add(driver(runs, language, clock, "constant"))));
        return new Claim(Chapter.DRIVER, lines, "Where the optimised driver lost nothing, the ratio is limited only by"
                + " how many frames were counted.", "In real time another program, or the host, may take a processor"
                + " away for moments too short to be told from the driver's own fault.");
    }

    private static Line driver(List<DriverRun> runs, String language, String clock, String arrivals) {
        List<DriverRun> own = select(runs, language, "failing", clock, arrivals);
        List<DriverRun> failing = own.isEmpty() ? select(runs, "C", "failing", clock, arrivals) : own;
        List<DriverRun> optimised = select(runs, language, "optimised", clock, arrivals);
        String title = (language.equals("C") ? "" : "consumed in " + language + ", ") + clock + " time, "
                + title(arrivals);
        Ratio ratio = Ratio.ofLosses(failing, optimised);
        return new Line(title, side(own.isEmpty() ? "failing, in C" : "failing", failing, run -> 100 * run.loss()),
                side("optimised", optimised, run -> 100 * run.loss()), "%", ratio,
                List.of(Goal.atLeast(Chapter.DRIVER.ratio(), ratio)), counted(title, failing, optimised));
    }

    /** What stands behind the shares, and what the machine withheld from either. */
    private static String counted(String title, List<DriverRun> failing, List<DriverRun> optimised) {
        if (failing.isEmpty() || optimised.isEmpty()) {
            return "";
        }
        return title + ": failing lost %s of %s, optimised %s of %s%s.".formatted(
                sum(failing, DriverRun::lost), sum(failing, DriverRun::judged), sum(optimised, DriverRun::lost),
                sum(optimised, DriverRun::judged), stalled(failing, optimised));
    }

    private static String stalled(List<DriverRun> failing, List<DriverRun> optimised) {
        double all = failing.stream().mapToLong(DriverRun::stalled).sum()
                + optimised.stream().mapToLong(DriverRun::stalled).sum();
        return all == 0 ? "" : "; stalls of the machine withheld %s and %s more, which count for neither".formatted(
                sum(failing, DriverRun::stalled), sum(optimised, DriverRun::stalled));
    }

    private static String sum(List<DriverRun> runs, ToDoubleFunction<DriverRun> what) {
        return String.format(Locale.ROOT, "%,.0f", runs.stream().mapToDouble(what).sum());
    }

    private static List<DriverRun> select(List<DriverRun> runs, String language, String driver, String clock,
            String arrivals) {
        return runs.stream().filter(run -> run.is(language, driver, clock, arrivals)).toList();
    }

    private static Side side(String name, List<DriverRun> runs, ToDoubleFunction<DriverRun> what) {
        List<Double> turns = runs.stream().mapToDouble(what).filter(x -> !Double.isNaN(x)).boxed().toList();
        Map<String, Double> more = new LinkedHashMap<>();
        if (!turns.isEmpty()) {
            more.put("loss", median(runs, DriverRun::loss));
            more.put("cpu", median(runs, DriverRun::cpu));
            more.put("rate", median(runs, DriverRun::rate));
            more.put("arrived", runs.stream().mapToDouble(DriverRun::arrived).sum());
            more.put("stalled", runs.stream().mapToDouble(DriverRun::stalled).sum());
        }
        return new Side(name, turns.isEmpty() ? null : new Figure(turns, Double.NaN), more);
    }

    private static double median(List<DriverRun> runs, ToDoubleFunction<DriverRun> what) {
        return Figure.median(runs.stream().mapToDouble(what).filter(x -> !Double.isNaN(x)).toArray());
    }

    private static double median(Side side) {
        return side.figure() == null ? Double.NaN : side.figure().median();
    }
}
