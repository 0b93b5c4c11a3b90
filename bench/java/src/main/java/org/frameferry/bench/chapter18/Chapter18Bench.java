// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.frameferry.bench.NativeProgram;
import org.frameferry.bench.Progress;
import org.frameferry.bench.chapter18.Measurements.Purpose;
import org.frameferry.bench.results.Environment;
import org.frameferry.bench.results.ResultSet;
import org.frameferry.cli.demo.Machine;

/**
 * `ferry bench chapter18`: runs the native programs and the drivers one after the other, then writes table, JSON and
 * page. Runs on the main thread; a Ctrl-C has the virtual machine's own thread report what there is.
 */
final class Chapter18Bench {
    /** What a step is expected to take, for the time left; with --quick the second. */
    private static final double[] TECHNIQUES_SECONDS = {60, 15};
    private static final double[] POOL_SECONDS = {55, 10};
    private static final double MISSES_SECONDS = 20;

    private final Options options;
    private final PrintWriter out;
    private final Plan plan;
    private final Measurements measurements = new Measurements();
    private final Machine machine = Machine.here();
    private boolean reported;

    /**
     * What the command was asked for.
     *
     * @param json where to write the figures for programs, null for nowhere
     * @param page where to write the page
     * @param terminal whether out is one
     */
    record Options(boolean quick, boolean misses, Path json, Path page, boolean terminal) {
    }

    /** One thing to measure, so many seconds long. */
    private record Step(String name, double seconds, Work work) {
        interface Work {
            /** {@return false if it was ended by Ctrl-C} */
            boolean run() throws IOException;
        }
    }

    Chapter18Bench(Options options, PrintWriter out) {
        this.options = options;
        this.out = out;
        plan = new Plan(options.quick);
    }

    void run() throws IOException {
        if (options.misses) {
            Misses.require();
        }
        List<Step> steps = steps(new NativeProgram(Technique.PROGRAM), new NativeProgram("pool"),
                List.of(Drivers.inC(), new JavaDrivers()));
        Runtime.getRuntime().addShutdownHook(new Thread(this::reportInterrupted));
        try {
            measure(steps);
        } finally {
            report();
        }
    }

    private List<Step> steps(NativeProgram techniques, NativeProgram pool, List<Drivers> languages) {
        int pace = options.quick ? 1 : 0;
        List<Step> steps = new ArrayList<>();
        steps.add(new Step("ring, batches and headers", TECHNIQUES_SECONDS[pace], () -> measure(techniques)));
        steps.add(new Step("pool and malloc", POOL_SECONDS[pace],
                () -> measurements.addPool(pool.run(options.quick, Optional.empty()))));
        for (Drivers drivers : languages) {
            steps.add(step("drivers, consumed in " + drivers.language(), Purpose.CLAIM, drivers,
                    plan.claims(drivers)));
        }
        Drivers c = languages.getFirst();
        steps.add(step("load, virtual time, constant", Purpose.SWEEP, c, plan.sweep("virtual", "constant")));
        steps.add(step("load, virtual time, Poisson", Purpose.SWEEP, c, plan.sweep("virtual", "poisson")));
        steps.add(step("load, real time", Purpose.SWEEP, c, plan.sweep("real", "constant")));
        steps.add(step("10, 40 and 100 Gb/s", Purpose.RATES, c, plan.rates()));
        steps.add(step("what waits over time", Purpose.DEPTH, c, plan.depth()));
        if (options.misses) {
            steps.add(new Step("cache misses", MISSES_SECONDS, () -> countMisses(techniques.path())));
        }
        return steps;
    }

    private boolean measure(NativeProgram techniques) throws IOException {
        Optional<String> text = techniques.output(options.quick ? List.of("--quick") : List.of());
        if (text.isPresent()) {
            measurements.addTechniques(Technique.parse(text.get()));
        }
        return text.isPresent();
    }

    private Step step(String name, Purpose purpose, Drivers drivers, List<DriverRequest> requests) {
        return new Step(name, Plan.seconds(requests), () -> {
            for (DriverRequest request : requests) {
                Optional<DriverRun> run = drivers.run(request);
                if (run.isEmpty()) {
                    return false;
                }
                measurements.add(purpose, run.get());
            }
            return true;
        });
    }

    /** Of one thread only: cachegrind runs one at a time, which is no contest between two. */
    private boolean countMisses(String program) throws IOException {
        for (Technique technique : measurements.techniques()) {
            if (technique.threads() == 1) {
                Optional<Misses> counted = Misses.count(program, technique.key());
                if (counted.isEmpty()) {
                    return false;
                }
                measurements.addTechniques(List.of(technique.with(counted.get())));
            }
        }
        return true;
    }

    private void measure(List<Step> steps) throws IOException {
        out.println(machine.line());
        Progress progress = new Progress(out, options.terminal, steps.stream().mapToDouble(Step::seconds).sum());
        for (Step step : steps) {
            progress.begin(step.name);
            if (!step.work.run()) {
                break;
            }
            progress.end(step.name, step.seconds);
        }
        progress.close();
    }

    private void reportInterrupted() {
        ProcessHandle.current().children().forEach(ProcessHandle::destroy); // a signal may have been for us alone
        try {
            report();
        } catch (IOException e) {
            out.println("ferry: " + e.getMessage());
        }
    }

    /** Once, whoever comes first. */
    private synchronized void report() throws IOException {
        if (reported || measurements.isEmpty()) {
            return;
        }
        reported = true;
        Report report = Report.of(machine, measurements);
        out.println();
        Table.lines(report).forEach(out::println);
        if (options.json != null) {
            Files.writeString(options.json, ReportJson.text(report));
        }
        ResultSet.of(Environment.here("", List.of()), "ferry bench chapter18" + (options.quick ? " --quick" : ""),
                report.measurements(), List.of(), Map.of()).write(ResultSet.file("chapter18"));
        Path parent = options.page.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(options.page, Page.html(report));
        out.println();
        out.println("The page: " + options.page.toAbsolutePath());
        out.flush();
    }
}
