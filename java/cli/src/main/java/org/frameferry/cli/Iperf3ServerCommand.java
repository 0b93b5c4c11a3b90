// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.frameferry.Bridge;
import org.frameferry.cli.iperf3.DataPathFactory;
import org.frameferry.cli.iperf3.FrameferryDataPath;
import org.frameferry.cli.iperf3.Iperf3Json;
import org.frameferry.cli.iperf3.Iperf3Result;
import org.frameferry.cli.iperf3.Iperf3Server;
import org.frameferry.cli.iperf3.Rehearsal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** `ferry iperf3-server`: options, output, and what Ctrl-C does. Called by picocli on the main thread. */
@Command(name = "iperf3-server", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        sortOptions = false,
        description = "Receives (and with iperf3 -R sends) the UDP tests of the stock iperf3 client.",
        footer = {"", "Run a client against it: iperf3 -c HOST -p PORT -u -b 0 -l 64 -t 5", ""})
final class Iperf3ServerCommand implements Callable<Integer> {
    private static final int MAX_BATCH = 1024;
    private static final int MIN_RECEIVE_BUFFER = 4096;
    private static final int MAX_RECEIVE_BUFFER = 1 << 30;
    private static final long CLOSE_SECONDS = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = {"-p", "--port"}, paramLabel = "PORT", defaultValue = "5201",
            description = "TCP and UDP port, 1 to 65535 (default ${DEFAULT-VALUE})")
    private long port;

    @Option(names = {"-B", "--bind"}, paramLabel = "ADDRESS",
            description = "local address (default: all, IPv6 and IPv4)")
    private String bind;

    @Option(names = {"-1", "--one-off"}, description = "serve one test, then exit")
    private boolean oneOff;

    @Option(names = "--json", paramLabel = "FILE",
            description = "append the results to FILE, one JSON object a line for each test")
    private Path json;

    @Option(names = "--mode", paramLabel = "MODE",
            description = "inline: the receiving thread polls the socket itself; threaded: a native thread does"
                    + " (default: inline on one or two processors, else threaded)")
    private Bridge.Mode mode;

    @Option(names = "--crossing", paramLabel = "CROSSING", defaultValue = "batched",
            description = "batched: one call for each batch; mapped: Java works the ring itself (default batched)")
    private Bridge.Crossing crossing;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "64",
            description = "frames a batch, 1 to 1024 (default ${DEFAULT-VALUE})")
    private long batch;

    @Option(names = "--receive-buffer", paramLabel = "BYTES", defaultValue = "8388608",
            description = "of the socket, 4096 to 1073741824; the kernel may grant less (default ${DEFAULT-VALUE})")
    private long receiveBuffer;

    private int tests;
    private int completed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireRange("--port", port, 1, 65_535);
        requireRange("--batch", batch, 1, MAX_BATCH);
        requireRange("--receive-buffer", receiveBuffer, MIN_RECEIVE_BUFFER, MAX_RECEIVE_BUFFER);
        DataPathFactory paths = FrameferryDataPath.factory(new FrameferryDataPath.Settings(
                mode != null ? mode : defaultMode(), crossing, (int) batch, (int) receiveBuffer, true));
        PrintWriter out = spec.commandLine().getOut();
        try (Writer results = openResults();
                Iperf3Server server = new Iperf3Server((int) port, localAddress(), paths, line -> print(out, line))) {
            CountDownLatch finished = new CountDownLatch(1);
            Thread hook = closeOnExit(server, finished);
            Rehearsal.run(paths, server.address().getAddress());
            print(out, "listening on port %d, %s; stop with Ctrl-C".formatted(port, paths.name()));
            serve(server, results);
            print(out, "%d test%s served, %d completed".formatted(tests, tests == 1 ? "" : "s", completed));
            finished.countDown();
            removeHook(hook);
        }
        return oneOff && completed < tests ? 1 : 0;
    }

    private void requireRange(String name, long value, int min, int max) {
        if (value < min || value > max) {
            throw new ParameterException(spec.commandLine(),
                    "%s is %d, must be %d to %d".formatted(name, value, min, max));
        }
    }

    private static Bridge.Mode defaultMode() {
        return Runtime.getRuntime().availableProcessors() <= 2 ? Bridge.Mode.INLINE : Bridge.Mode.THREADED;
    }

    private InetAddress localAddress() throws IOException {
        try {
            return bind == null ? null : InetAddress.getByName(bind);
        } catch (UnknownHostException e) {
            throw new IOException("-B %s: no such host or address; give one of this machine's addresses (ip address)"
                    .formatted(bind), e);
        }
    }

    /** Opened before the first test: a bad path is known at once. */
    private Writer openResults() throws IOException {
        try {
            return json == null ? Writer.nullWriter()
                    : Files.newBufferedWriter(json, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IOException("--json %s: %s; give a file in a directory that you may write to"
                    .formatted(json, reason(e)), e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException absent -> "no such directory";
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.getMessage();
        };
    }

    private void serve(Iperf3Server server, Writer results) throws IOException, InterruptedException {
        Iperf3Result result;
        do {
            result = server.runOnce();
            if (result != null) {
                tests++;
                completed += result.completed() ? 1 : 0;
                results.write(Iperf3Json.line(result));
                results.flush();
            }
        } while (result != null && !oneOff);
    }

    /** Ctrl-C: the running test is broken off and the summary printed, on the main thread, before the JVM halts. */
    private static Thread closeOnExit(Iperf3Server server, CountDownLatch finished) {
        Thread hook = new Thread(() -> {
            server.close();
            try {
                finished.await(CLOSE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "iperf3-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the hook is running: it is why we got here
        }
    }

    private static void print(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
