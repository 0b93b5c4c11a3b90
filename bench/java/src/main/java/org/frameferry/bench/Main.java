// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.io.PrintWriter;
import org.frameferry.bench.chapter18.Chapter18Command;
import org.frameferry.bench.chapter18.DriverCommand;
import org.frameferry.bench.report.ReportCommand;
import org.frameferry.bench.suite.SuiteCommand;
import org.frameferry.cli.Commands;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** `ferry bench`, which the launcher starts here and not in the command line's module. Runs on the main thread. */
@Command(name = "ferry bench", mixinStandardHelpOptions = true,
        subcommands = {SuiteCommand.All.class, SuiteCommand.Crossing.class, SuiteCommand.Stream.class,
            SuiteCommand.Job.class, SuiteCommand.Scale.class, PoolCommand.class, Chapter18Command.class, DriverCommand.class,
            ReportCommand.class, CompareCommand.class, CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        description = "Measures Frameferry on this machine, beside its peers.")
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Without a command: what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    public static void main(String[] args) {
        System.exit(run(args, new PrintWriter(System.out, true), new PrintWriter(System.err, true)));
    }

    /** {@return the exit code of a command} */
    static int run(String[] args, PrintWriter out, PrintWriter err) {
        return Commands.run(new Main(), args, out, err);
    }
}
