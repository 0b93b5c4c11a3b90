// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli;

import java.io.Console;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.frameferry.cli.top.Processes;
import org.frameferry.cli.top.Top;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** `ferry top`: its options. Called by picocli on the main thread. */
@Command(name = "top", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Watches the pools and bridges of a running Java process: rates, drops by cause, how full rounds"
                + " and rings are, and who sleeps.",
            "It attaches to the process by JMX, which must run as the same user. Pools are seen that have a name"
                    + " (FramePool.builder().name(...)). Ctrl-C ends it, and so does the end of the process, with exit"
                    + " code 1."})
final class TopCommand implements Callable<Integer> {
    private static final double MIN_SECONDS = 0.1;
    private static final double MAX_SECONDS = 3600;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "PID",
            description = "the process; without it the only one that has Frameferry, or a list of them")
    private Long pid;

    @Option(names = "--once", description = "look once, for one interval, and end")
    private boolean once;

    @Option(names = "--json", description = "a line of JSON an interval")
    private boolean json;

    @Option(names = "--interval", paramLabel = "SECONDS", defaultValue = "1",
            description = "how long from look to look, 0.1 to 3600 (default ${DEFAULT-VALUE})")
    private double seconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS)) {
            throw new ParameterException(spec.commandLine(),
                    "--interval is %s, must be 0.1 to 3600".formatted(seconds));
        }
        Console console = System.console();
        boolean redraw = !once && console != null && console.isTerminal();
        Duration interval = Duration.ofMillis(Math.round(seconds * 1000));
        try (Top top = new Top(pid != null ? pid : only(), json, redraw, spec.commandLine().getOut())) {
            top.run(interval, once);
            return 0;
        }
    }

    private long only() throws IOException {
        List<Processes.Found> all = Processes.withFrameferry();
        if (all.isEmpty()) {
            throw new IOException("no Java process of this user has loaded Frameferry: start one, or as root name"
                    + " another user's");
        }
        if (all.size() > 1) {
            all.forEach(found -> spec.commandLine().getOut().println(found));
            throw new ParameterException(spec.commandLine(),
                    all.size() + " processes have Frameferry: name one of them");
        }
        return all.getFirst().pid();
    }
}
