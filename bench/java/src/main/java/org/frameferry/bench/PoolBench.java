// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.frameferry.bench.JmhRounds.Pace;
import org.frameferry.bench.results.Environment;
import org.frameferry.bench.results.JmhMeasurements;
import org.frameferry.bench.results.Measurement;
import org.frameferry.bench.results.ResultSet;
import org.frameferry.cli.demo.Machine;

/**
 * `ferry bench pool`: rounds of JMH, the native program, one table. Runs on the main thread; a Ctrl-C has the virtual
 * machine's own thread report what there is.
 */
final class PoolBench {
    private static final Pace FULL = new Pace(4, 400, 5, 300);
    private static final Pace QUICK = new Pace(2, 400, 3, 200);
    private static final int FULL_ROUNDS = 3;
    private static final String NOTES = """
              Each fork counts by the median of its samples. A figure is the median over the forks, below it are the
              fastest and the slowest fork, and the bytes that a frame allocates on the Java heap. The last column is
              the cheapest rival in times of Frameferry, in Java one of Netty's allocators: what was measured in turn
              is compared, and the median taken.
              Netty had its best settings: Unsafe, a cache for each thread, and threads of its own. Its leak detector
              was at its default, as ours; in the rows "leaks not tracked" both were off.""";
    private static final double NATIVE_SECONDS = 55;
    private static final double NATIVE_QUICK_SECONDS = 10;

    private final boolean quick;
    private final Path json;
    private final PrintWriter out;
    private final boolean terminal;
    private final JmhRounds rounds;
    private final List<NativeProgram.Result> natives = new ArrayList<>();
    private final Machine machine = Machine.here();
    private final Optional<Path> jemalloc = NativeProgram.jemalloc();
    private String memory = "  Resident memory: not measured";
    private boolean reported;

    /**
     * @param json where to write the figures for programs as well, null for nowhere
     * @param terminal whether out is one
     */
    PoolBench(boolean quick, Path json, PrintWriter out, boolean terminal) {
        this.quick = quick;
        this.json = json;
        this.out = out;
        this.terminal = terminal;
        rounds = new JmhRounds(PoolWorkloads.FOLDER, quick ? QUICK : FULL, PoolWorkloads.FLAGS, List.of());
    }

    void run() throws IOException {
        NativeProgram program = new NativeProgram("pool");
        Thread interrupted = new Thread(this::reportInterrupted);
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            measure(program);
        } finally {
            report();
        }
        Runtime.getRuntime().removeShutdownHook(interrupted);
    }

    private void measure(NativeProgram program) throws IOException {
        int count = quick ? 1 : FULL_ROUNDS;
        double nativeSeconds = quick ? NATIVE_QUICK_SECONDS : NATIVE_SECONDS;
        List<Optional<Path>> mallocs = jemalloc.isPresent() ? List.of(Optional.empty(), jemalloc)
                : List.of(Optional.empty());
        Progress progress = new Progress(out, terminal,
                count * rounds.seconds(PoolWorkloads.PASSES) + mallocs.size() * nativeSeconds);
        out.println(machine.line());
        setMemory(ResidentMemory.measure());
        for (int round = 1; round <= count; round++) {
            rounds.round(PoolWorkloads.PASSES, "round %d of %d: ".formatted(round, count), progress);
        }
        for (Optional<Path> malloc : mallocs) {
            String name = "in C, with " + (malloc.isPresent() ? "jemalloc" : "the C library's malloc");
            progress.begin(name);
            add(program.run(quick, malloc));
            progress.end(name, nativeSeconds);
        }
        progress.close();
    }

    private synchronized void setMemory(String line) {
        memory = line;
    }

    private synchronized void add(List<NativeProgram.Result> results) {
        natives.addAll(results);
    }

    private void reportInterrupted() {
        try {
            report();
        } catch (IOException e) {
            out.println("ferry: " + e.getMessage());
        }
    }

    /** Once, whoever comes first. */
    private synchronized void report() throws IOException {
        if (reported) {
            return;
        }
        reported = true;
        Map<String, Figure> figures = new HashMap<>();
        rounds.figures().forEach((key, figure) -> figures.put(PoolWorkloads.key(key), figure));
        natives.forEach(result -> figures.put(result.key(), result.figure()));
        if (figures.isEmpty()) {
            return;
        }
        for (Section section : PoolWorkloads.sections(jemalloc.isPresent())) {
            out.println();
            section.lines(figures).forEach(out::println);
        }
        out.println();
        out.println(memory);
        out.print(NOTES.indent(2));
        List<Measurement> measurements = new ArrayList<>(rounds.forks().stream()
                .map(forks -> JmhMeasurements.of("pool", forks)).toList());
        natives.forEach(result -> measurements.add(result.measurement()));
        ResultSet.of(Environment.here("", rounds.flags()), "ferry bench pool" + (quick ? " --quick" : ""), measurements,
                List.of(), Map.of("jmh", JmhJson.entries(rounds.runResults()))).write(ResultSet.file("pool"));
        if (json != null) {
            Files.writeString(json, JmhJson.text(rounds.runResults(), natives, machine));
        }
        out.flush();
    }
}
