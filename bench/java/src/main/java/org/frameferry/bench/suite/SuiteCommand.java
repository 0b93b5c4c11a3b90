// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.suite;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.frameferry.bench.OutputFile;
import org.frameferry.bench.results.ResultSet;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The commands that run suites: what they have in common. Called by picocli on the main thread. */
@Command(mixinStandardHelpOptions = true, sortOptions = false,
        footer = {"", "The machine should have nothing else to do meanwhile. Ctrl-C ends it early with what has been"
                + " measured so far."})
public abstract class SuiteCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @ArgGroup
    private Amount amount = new Amount();

    @Option(names = "--json", paramLabel = "FILE",
            description = "write the result set to FILE, not to target/bench/${COMMAND-NAME}.json")
    private Path json;

    /** One of two, or none. */
    static final class Amount {
        @Option(names = "--quick", description = "what something is aimed at, in few short rounds: minutes, and a first"
                + " impression")
        private boolean quick;

        @Option(names = "--full", description = "every batch, size, capacity and kind of thread: hours")
        private boolean full;

        Level level() {
            return quick ? Level.QUICK : full ? Level.FULL : Level.USUAL;
        }
    }

    /** What each kind of crossing costs. */
    @Command(name = "crossing", description = "What a call from Java to C costs, empty and with frames: JNI, FFM, critical"
            + " FFM, JNA, JNR-FFI, and the mapped ring, by batch.")
    public static final class Crossing extends SuiteCommand {
        @Override
        List<String> suites() {
            return List.of("crossing");
        }
    }

    /** Frames from one thread to another. */
    @Command(name = "stream", description = "Frames from one thread to another, in C, in Java and between them, beside the"
            + " queues of both languages; and how long one takes there and back.")
    public static final class Stream extends SuiteCommand {
        @Override
        List<String> suites() {
            return List.of("stream");
        }
    }

    /** A whole receiver. */
    @Command(name = "job", description = "UDP datagrams received per second of processor time, and lost, beside NIO, Netty"
            + " and a loop in C.")
    public static final class Job extends SuiteCommand {
        @Override
        List<String> suites() {
            return List.of("job");
        }
    }

    /** Costs as things grow. */
    @Command(name = "scale", description = "What a frame costs as bridges, pool and ring grow.")
    public static final class Scale extends SuiteCommand {
        @Override
        List<String> suites() {
            return List.of("scale");
        }
    }

    /** All of them, and the benchmarks that have commands and tables of their own. */
    @Command(name = "all", description = "All of crossing, stream, job, scale, pool and chapter18, one after the other. With"
            + " --quick in a quarter of an hour.")
    public static final class All extends SuiteCommand {
        @Override
        List<String> suites() {
            return List.of("crossing", "stream", "job", "scale");
        }

        @Override
        public Integer call() throws IOException {
            int code = super.call();
            CommandLine bench = spec.commandLine().getParent();
            String[] quick = level().equals("--quick") ? new String[] {"--quick"} : new String[0];
            for (String command : List.of("pool", "chapter18")) {
                bench.getOut().println();
                code = Math.max(code, bench.getSubcommands().get(command).execute(quick));
            }
            return code;
        }
    }

    /** {@return the names of the suites to run, in order} */
    abstract List<String> suites();

    @Override
    public Integer call() throws IOException {
        OutputFile.require("--json", json, spec); // better said now than in an hour
        Console console = System.console();
        Path file = json != null ? json : ResultSet.file(spec.name());
        String command = String.join(" ", spec.commandLine().getParseResult().originalArgs());
        new SuiteBench(suites(), amount.level(), file, "ferry bench " + command,
                spec.commandLine().getOut(), console != null && console.isTerminal()).run();
        return spec.exitCodeOnSuccess();
    }

    /** {@return what the user asked for, as an option; "" for the usual amount} */
    final String level() {
        return switch (amount.level()) {
            case QUICK -> "--quick";
            case USUAL -> "";
            case FULL -> "--full";
        };
    }
}
