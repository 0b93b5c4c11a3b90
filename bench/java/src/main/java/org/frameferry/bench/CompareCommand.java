// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.frameferry.bench.results.Comparison;
import org.frameferry.bench.results.ResultSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** `ferry bench compare`: its parameters and its table. Called by picocli on the main thread. */
@Command(name = "compare", mixinStandardHelpOptions = true,
        description = "Compares two result sets, so that a change can be judged: the ratio of the medians, B to A, with"
                + " its interval of 95 %%. Below 1 costs less; of rates more is better.")
final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A.json", description = "before, as --json has written it")
    private Path before;

    @Parameters(index = "1", paramLabel = "B.json", description = "after")
    private Path after;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        ResultSet a = ResultSet.read(before);
        ResultSet b = ResultSet.read(after);
        List<Comparison> all = Comparison.all(a, b);
        if (all.isEmpty()) {
            throw new IOException(before + " and " + after + " have no workload in common");
        }
        out.println("A  " + a.environment().line());
        out.println("B  " + b.environment().line());
        if (!a.environment().machine().cpu().equals(b.environment().machine().cpu())) {
            out.println("   These are two processors: what differs may be theirs.");
        }
        out.println();
        out.println("  %-66s%10s%10s  %-9s%s".formatted("", "A", "B", "B to A", "95 %"));
        all.forEach(c -> out.println("  %-66s%10s%10s  %s".formatted(c.after().key(),
                Figure.number(c.before().median()), Figure.number(c.after().median()), c.text())));
        out.println();
        for (Comparison.Verdict verdict : Comparison.Verdict.values()) {
            long count = all.stream().filter(c -> c.verdict() == verdict).count();
            out.print("  " + count + " " + verdict.name().toLowerCase(Locale.ROOT));
        }
        out.println();
        int missing = a.measurements().size() + b.measurements().size() - 2 * all.size();
        if (missing != 0) {
            out.println("  " + missing + " are in one of the files only.");
        }
        return spec.exitCodeOnSuccess();
    }
}
