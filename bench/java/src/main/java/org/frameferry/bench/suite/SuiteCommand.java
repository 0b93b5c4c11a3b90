// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.suite;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.frameferry.bench.OutputFile;
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
    private CommandSpec spec;

    @ArgGroup
    private Amount amount = new Amount();

    @Option(names = "--json", paramLabel = "FILE",
            description = "write the result set to FILE, not to target/bench/${COMMAND-NAME}.json")
    private Path json;

    /** One of two, or none. */
    static final class Amount {
        @Option(names = "--quick", description = "the same workloads in few short rounds: a first impression")
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

    /** Costs as things grow. */
    @Command(name = "scale", description = "What a frame costs as bridges, pool and ring grow.")
    public static final class Scale extends SuiteCommand {
        @Override
        List<String> suites() {
            return List.of("scale");
        }
    }

    /** {@return the names of the suites to run, in order} */
    abstract List<String> suites();

    @Override
    public Integer call() throws IOException {
        OutputFile.require("--json", json, spec); // better said now than in an hour
        Console console = System.console();
        Path file = json != null ? json : Path.of(System.getProperty("frameferry.home", ""), "target", "bench",
                spec.name() + ".json");
        String command = String.join(" ", spec.commandLine().getParseResult().originalArgs());
        new SuiteBench(suites(), amount.level(), file, "ferry bench " + spec.name() + " " + command,
                spec.commandLine().getOut(), console != null && console.isTerminal()).run();
        return spec.exitCodeOnSuccess();
    }
}
