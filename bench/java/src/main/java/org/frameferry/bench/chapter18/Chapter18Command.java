// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.frameferry.bench.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `ferry bench chapter18`: its options. Called by picocli on the main thread. */
@Command(name = "chapter18", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Each technique of chapter 18 beside its baseline: ring, pool, batches, NAPI, headers, and the"
                + " whole driver against a simulated network card, in real and in virtual time. Prints a table and"
                + " writes a page with charts. Takes about six minutes, during which the machine should have nothing"
                + " else to do. Ctrl-C ends it early with what has been measured so far.")
public final class Chapter18Command implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "fewer and shorter rounds, in two minutes: a first impression")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to FILE as well")
    private Path json;

    @Option(names = "--page", paramLabel = "FILE", description = "write the page to FILE, not to target/chapter18.html")
    private Path page;

    @Option(names = "--misses", description = "count the cache misses of what runs in one thread as well, by"
            + " cachegrind; needs valgrind")
    private boolean misses;

    @Override
    public Integer call() throws IOException {
        OutputFile.require("--json", json, spec); // better said now than in six minutes
        OutputFile.require("--page", page, spec);
        Console console = System.console();
        Path where = page != null ? page : Path.of(System.getProperty("frameferry.home", ""), "target",
                "chapter18.html");
        new Chapter18Bench(new Chapter18Bench.Options(quick, misses, json, where,
                console != null && console.isTerminal()), spec.commandLine().getOut()).run();
        return spec.exitCodeOnSuccess();
    }
}
