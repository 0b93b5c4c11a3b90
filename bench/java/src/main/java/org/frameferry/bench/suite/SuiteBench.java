// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.frameferry.bench.Progress;
import org.frameferry.bench.results.Environment;
import org.frameferry.bench.results.Measurement;
import org.frameferry.bench.results.ResultSet;

/**
 * Runs suites, round by round, so that a slow spell of the machine falls on all contestants of a suite; then writes a
 * table and a result set. Runs on the main thread; a Ctrl-C has the virtual machine's own thread report what there is.
 */
public final class SuiteBench {
    private final Level level;
    private final Path file;
    private final PrintWriter out;
    private final boolean terminal;
    private final String command;
    private final Map<String, List<Part>> suites = new LinkedHashMap<>();
    private boolean reported;

    /**
     * @param names of the suites
     * @param file for the result set
     * @param command as it was called, for whoever reads the file
     * @param terminal whether out is one
     */
    public SuiteBench(List<String> names, Level level, Path file, String command, PrintWriter out, boolean terminal) {
        this.level = level;
        this.file = file;
        this.command = command;
        this.out = out;
        this.terminal = terminal;
        names.forEach(name -> suites.put(name, Suites.parts(name, level)));
    }

    /** Measures and reports. */
    public void run() throws IOException {
        Thread interrupted = new Thread(this::reportInterrupted);
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            measure();
        } finally {
            report();
        }
        Runtime.getRuntime().removeShutdownHook(interrupted);
    }

    private void measure() throws IOException {
        double planned = level.rounds * suites.values().stream().flatMap(List::stream).mapToDouble(Part::seconds).sum();
        Progress progress = new Progress(out, terminal, planned);
        out.println(Environment.here("", List.of()).line());
        for (Map.Entry<String, List<Part>> suite : suites.entrySet()) {
            for (int round = 1; round <= level.rounds; round++) {
                String title = "%s, round %d of %d: ".formatted(suite.getKey(), round, level.rounds);
                for (Part part : suite.getValue()) {
                    if (!part.round(title, progress)) {
                        return;
                    }
                }
            }
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
        ResultSet results = results();
        if (reported || results.measurements().isEmpty()) {
            return;
        }
        reported = true;
        out.println();
        Table.lines(results).forEach(out::println);
        results.notes().forEach(note -> out.println("  " + note));
        results.write(file);
        out.println();
        out.println("The results: " + file.toAbsolutePath() + "; as a page: ferry bench report");
        out.flush();
    }

    private ResultSet results() throws IOException {
        List<Measurement> measurements = new ArrayList<>();
        Map<String, List<JsonNode>> tools = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>();
        String compiler = "";
        List<String> flags = List.of();
        for (Part part : suites.values().stream().flatMap(List::stream).toList()) {
            measurements.addAll(part.measurements());
            part.tools().forEach((tool, nodes) -> tools.computeIfAbsent(tool, t -> new ArrayList<>()).addAll(nodes));
            notes.addAll(part.notes());
            compiler = compiler.isEmpty() ? part.compiler() : compiler;
            flags = flags.isEmpty() ? part.flags() : flags;
        }
        return ResultSet.of(Environment.here(compiler, flags), command, measurements, notes, tools);
    }
}
