// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.frameferry.cli.soak.Soak;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** `ferry soak`: its options. Called by picocli on the main thread. */
@Command(name = "soak", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Carries frames in every way at once, at full rate: loops, UDP and simulated cards in every mode"
                + " and crossing, a pool that several threads lease, share and detach from, and a coalescing sender."
                + " Every frame has a number and a checksum.",
            "Prints a line a second, and what has come of the frames in the end, which Ctrl-C brings about early."
                    + " Exit code 1 if any is unaccounted for, duplicated, reordered, corrupted or leaked; those that"
                    + " were dropped and counted by their cause are accounted for."})
final class SoakCommand implements Callable<Integer> {
    private static final int MAX_SECONDS = 7 * 24 * 3600;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "60",
            description = "how long, 1 to " + MAX_SECONDS + " (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to FILE as well")
    private Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw new ParameterException(spec.commandLine(),
                    "--seconds is %d, must be 1 to %d".formatted(seconds, MAX_SECONDS));
        }
        return new Soak(seconds, json, spec.commandLine().getOut()).run();
    }
}
