// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.frameferry.FerryException;
import picocli.CommandLine;

/**
 * How every command of `ferry` runs and fails. What a user can mend is told in one line, with exit code 1, or 2 for wrong
 * usage; only our own mistakes show a stack trace. Static functions; any thread.
 */
public final class Commands {
    private static final int FAILED = 1;

    private Commands() {}

    /**
     * {@return the exit code of a command}
     *
     * @param command with picocli's annotations
     * @param args its subcommand and options
     * @param out for what it has to say
     * @param err for what went wrong
     */
    public static int run(Object command, String[] args, PrintWriter out, PrintWriter err) {
        return new CommandLine(command).setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Commands::wrongUsage).setExecutionExceptionHandler(Commands::failed)
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
}
