// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.frameferry.bench.results.Comparison;
import org.frameferry.bench.results.Drift;
import org.frameferry.bench.results.ResultSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** `ferry bench compare`: its parameters and its table. Called by picocli on the main thread. */
@Command(name = "compare", mixinStandardHelpOptions = true,
        description = "Compares two result sets, so that a change can be judged: the ratio of the medians, B to A, with"
                + " its interval of 95 %%. Below 1 costs less; of rates more is better. How much slower or faster the machine"
                + " itself was is seen by what is not ours, and taken out.")
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
        List<Comparison> raw = Comparison.all(a, b);
        if (raw.isEmpty()) {
            throw new IOException(before + " and " + after + " have no workload in common");
        }
        Map<String, Drift> drifts = Drift.bySuite(raw);
        List<Comparison> all = raw.stream().map(c -> c.without(drifts.get(c.after().suite()))).toList();
        out.println("A  " + a.environment().line());
        out.println("B  " + b.environment().line());
        if (!a.environment().machine().cpu().equals(b.environment().machine().cpu())) {
            out.println("   These are two processors: what differs may be theirs.");
        }
        drifts.forEach((suite, drift) -> out.println(text(suite, drift)));
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

    private static String text(String suite, Drift drift) {
        return drift.controls() == 0
                ? "   %s: all of it is ours, so nothing tells whether the machine itself has changed".formatted(suite)
                : ("   %s: what is not ours took %.2f x as long in B, 95 %% of it within a factor of %.2f of that:"
                        + " taken out below").formatted(suite, drift.factor(), drift.scatter());
    }
}
