// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.frameferry.bench.OutputFile;
import org.frameferry.bench.results.ResultSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** `ferry bench report`: its parameters. Called by picocli on the main thread. */
@Command(name = "report", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Joins result sets into one page with charts and tables that loads nothing from anywhere.")
public final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--page", paramLabel = "FILE", description = "write the page to FILE, not to target/bench/report.html")
    private Path page;

    @Option(names = "--plain", description = "charts as pictures, and no script in the page, for where none may run")
    private boolean plain;

    @Option(names = "--picture", paramLabel = "FILE",
            description = "write the curve of what crossing costs to FILE as well, as SVG")
    private Path picture;

    @Parameters(arity = "0..*", paramLabel = "FILE",
            description = "result sets, the later before the earlier where both have a workload; without one, all of"
                    + " target/bench in the order of their age")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws IOException {
        OutputFile.require("--page", page, spec);
        OutputFile.require("--picture", picture, spec);
        Path folder = ResultSet.folder();
        List<Path> sources = files.isEmpty() ? measured(folder) : files;
        if (sources.isEmpty()) {
            throw new IOException("nothing has been measured yet: run ferry bench all --quick, or name result sets, such as"
                    + " those of bench/results");
        }
        List<ResultSet> sets = new ArrayList<>();
        for (Path source : sources) {
            sets.add(ResultSet.read(source));
        }
        Path where = page != null ? page : folder.resolve("report.html");
        ResultSet joined = ResultSet.join(sets);
        Files.writeString(where, ReportPage.html(joined, plain));
        if (picture != null) {
            Files.writeString(picture, crossing(joined));
        }
        spec.commandLine().getOut().println("The page: " + where.toAbsolutePath());
        return spec.exitCodeOnSuccess();
    }

    private static String crossing(ResultSet results) throws IOException {
        Chart chart = Chart.of("crossing", "batch", "frames a call", "ns a frame", results.measurements().stream()
                .filter(m -> m.suite().equals("crossing") && m.workload().equals("enqueue")
                        && "platform".equals(m.parameters().get("thread"))).toList());
        if (chart.isEmpty()) {
            throw new IOException("--picture shows what crossing costs, which was not measured: run ferry bench crossing");
        }
        return Picture.svg(chart, "What handing a frame to C costs, by mechanism and frames a call");
    }

    private static List<Path> measured(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".json"))
                    .sorted((a, b) -> Long.compare(a.toFile().lastModified(), b.toFile().lastModified())).toList();
        }
    }
}
