// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli;

import java.io.PrintWriter;
import java.lang.module.ModuleDescriptor;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The `ferry` command. Runs on the main thread. */
@Command(name = "ferry", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        subcommands = {DemoCommand.class, Iperf3ServerCommand.class, SoakCommand.class, TopCommand.class,
            DoctorCommand.class, CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND", description = "Frames between native code and Java, in batches.",
        footer = {"  bench          Measures Frameferry beside its peers: ferry bench pool.",
            "  docs           Makes the site: the guide, and the references of both APIs.",
            "  model          Checks a model of the poller's sleep with SPIN.",
            "  test           Builds and runs every test (done by the launcher, ./ferry)."})
public final class Main implements Runnable {
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
        return Commands.run(new Main(), args, out, err);
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
