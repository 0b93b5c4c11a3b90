// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `ferry bench pool`: its options. Called by picocli on the main thread. */
@Command(name = "pool", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Leases and releases frames, beside Netty's allocators, Arena, malloc and, if it is installed,"
                + " jemalloc. Takes about ten minutes, during which the machine should have nothing else to do."
                + " Ctrl-C ends it early with what has been measured so far.")
final class PoolCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "one round instead of three, in two minutes: a first impression")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to FILE as well, as JMH would")
    private Path json;

    @Override
    public Integer call() throws IOException {
        OutputFile.require("--json", json, spec); // better said now than in ten minutes
        Console console = System.console();
        new PoolBench(quick, json, spec.commandLine().getOut(), console != null && console.isTerminal()).run();
        return spec.exitCodeOnSuccess();
    }
}
