// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.frameferry.cli.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** `ferry demo`: its options. Called by picocli on the main thread. */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows the packet-loss mystery on this machine: the same stream of small UDP datagrams against"
                + " the chapter's failing driver, iperf3 -s and Frameferry.")
final class DemoCommand implements Callable<Integer> {
    private static final int MAX_SECONDS = 3600;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "5",
            description = "how long each receiver is measured, 1 to 3600 (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to FILE as well")
    private Path json;

    @Option(names = "--bare-c", description = "measure a bare C receive loop too, the least that a datagram costs")
    private boolean bareC;

    @Override
    public Integer call() throws IOException {
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw new ParameterException(spec.commandLine(),
                    "--seconds is %d, must be 1 to %d".formatted(seconds, MAX_SECONDS));
        }
        Console console = System.console();
        return new Demo(seconds, json, bareC, spec.commandLine().getOut(), console != null && console.isTerminal())
                .run();
    }
}
