// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import org.frameferry.FerryException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The `ferry` command. What a user can mend is told in one line, with exit code 1, or 2 for wrong usage; only our own
 * mistakes show a stack trace.
 */
@Command(name = "ferry", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        subcommands = {DemoCommand.class, Iperf3ServerCommand.class, DoctorCommand.class,
            CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND", description = "Frames between native code and Java, in batches.",
        footer = {"  test           Builds and runs every test (done by the launcher, ./ferry)."})
public final class Main implements Runnable {
    private static final int FAILED = 1;

    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Without a command: what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /**
     * Runs a command and exits.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        System.exit(run(args, new PrintWriter(System.out, true), new PrintWriter(System.err, true)));
    }

    /** {@return the exit code of a command} */
    static int run(String[] args, PrintWriter out, PrintWriter err) {
        return new CommandLine(new Main()).setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::wrongUsage).setExecutionExceptionHandler(Main::failed)
                .execute(args);
    }

    private static int wrongUsage(CommandLine.ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String message = oneLine(e.getMessage()).replaceAll("is not an? (int|long)$", "is not a whole number");
        command.getErr().println("ferry: %s (see %s --help)".formatted(message,
                command.getCommandSpec().qualifiedName()));
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (e instanceof FerryException || e instanceof IOException || e instanceof UncheckedIOException
                || e instanceof IllegalArgumentException) {
            command.getErr().println("ferry: " + oneLine(e.getMessage()));
        } else {
            command.getErr().println("ferry: internal error, please report it:");
            e.printStackTrace(command.getErr());
        }
        return FAILED;
    }

    private static String oneLine(String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    /** The version that the build wrote into the module. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            ModuleDescriptor module = Main.class.getModule().getDescriptor();
            String version = module == null ? null : module.rawVersion().orElse(null);
            return new String[] {"ferry " + (version == null ? "(not built as a module)" : version)};
        }
    }
}
