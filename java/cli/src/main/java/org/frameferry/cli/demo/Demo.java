// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.frameferry.Bridge;
import org.frameferry.cli.iperf3.FrameferryDataPath;

/**
 * The packet-loss mystery on this machine: one sender against several receivers in turn, then a table, a verdict and a
 * file of figures. Called by the main thread.
 */
public final class Demo {
    static final String HOST = "127.0.0.1";
    static final int DATAGRAM_BYTES = 64;
    private static final int RECEIVE_BUFFER = 8 << 20;
    private static final int BATCH = 64;
    /** The same for every receiver, and not counted: a JVM that runs longer than a second has compiled what it runs. */
    private static final int WARM_UP_SECONDS = 1;
    /** Shared machines change their pace within seconds: two programs are compared in short runs that alternate. */
    private static final int PAIRS = 5;
    private static final int PAIR_SECONDS = 2;
    private static final int WIDTH = 98;

    private final int seconds;
    private final Path json;
    private final boolean bareC;
    private final PrintWriter out;
    private final LiveLine live;
    private final Machine machine = Machine.here();
    private final List<Run> runs = new ArrayList<>();
    private final List<Double> ratios = new ArrayList<>();
    private final Map<String, String> notRun = new LinkedHashMap<>();

    /**
     * A demo yet to run.
     *
     * @param seconds that each receiver is measured
     * @param json where to write the figures, null: nowhere
     * @param bareC whether to measure the bare C loop as well
     * @param out takes what is printed
     * @param terminal whether out is one
     */
    public Demo(int seconds, Path json, boolean bareC, PrintWriter out, boolean terminal) {
        this.seconds = seconds;
        this.json = json;
        this.bareC = bareC;
        this.out = out;
        live = new LiveLine(out, terminal);
    }

    /**
     * Runs it.
     *
     * @return the exit code: 0 if every receiver that this machine can run was measured
     * @throws IOException in one line, if the file cannot be written
     */
    public int run() throws IOException {
        requireWritable();
        Optional<String> iperf3 = Iperf3Sender.version();
        Sender sender = iperf3.isPresent() ? new Iperf3Sender() : new BuiltInSender();
        say("The packet-loss mystery of chapter 18, on this machine");
        say("  " + machine.line());
        say("  sender: " + sender.name() + iperf3.map(v -> " (" + v.replaceAll(" \\(.*", "") + ")").orElse(
                "; iperf3 is not installed, so iperf3 -s is not run"));
        List<Receiver> receivers = receivers(iperf3.isPresent());
        say("  " + receivers.size() + " receivers in turn, each warmed up for " + WARM_UP_SECONDS
                + " s that is not counted, then measured for " + seconds + " s");
        boolean failed = false;
        for (Receiver receiver : receivers) {
            failed |= !measure(receiver, sender);
        }
        if (bareC && !failed) {
            compare(receivers.get(receivers.size() - 2), receivers.getLast(), sender);
        }
        report(sender);
        return failed ? 1 : 0;
    }

    private List<Receiver> receivers(boolean iperf3) {
        List<Receiver> list = new ArrayList<>();
        list.add(new InProcess(Run.CHAPTER18,
                "linked list, spin lock; a malloc, a wake-up and a foreign call for each packet",
                Chapter18DataPath.factory(RECEIVE_BUFFER)));
        if (iperf3) {
            list.add(new StockIperf3(machine.receiveBufferDefault()));
        } else {
            notRun.put(Run.IPERF3, "iperf3 is not installed");
        }
        Bridge.Mode mode = machine.cores() <= 2 ? Bridge.Mode.INLINE : Bridge.Mode.THREADED;
        list.add(new InProcess(Run.FRAMEFERRY, mode.name().toLowerCase() + ", up to " + BATCH
                + " frames a foreign call, " + FrameferryDataPath.MODERATION.toNanos() / 1000
                + " us of moderation", FrameferryDataPath.factory(
                        new FrameferryDataPath.Settings(mode, Bridge.Crossing.BATCHED, BATCH, RECEIVE_BUFFER, false))));
        if (bareC) {
            list.add(new BareC(RECEIVE_BUFFER));
        }
        return list;
    }

    /** Returns false if the receiver could not be measured. */
    private boolean measure(Receiver receiver, Sender sender) {
        say("");
        say("%-16s %s".formatted(receiver.name(), receiver.about()));
        try {
            live.start("warm-up", WARM_UP_SECONDS);
            receiver.measure(sender, WARM_UP_SECONDS, live::second);
            live.end();
            live.start("measured", seconds);
            runs.add(receiver.measure(sender, seconds, live::second));
            live.end();
            return true;
        } catch (DemoFailure e) {
            live.end();
            say("  not measured: " + e.getMessage());
            notRun.put(receiver.name(), e.getMessage());
            return false;
        }
    }

    private void compare(Receiver ours, Receiver bare, Sender sender) {
        say("");
        say("%s and %s in turn, %d pairs of %d s".formatted(ours.name(), bare.name(), PAIRS, PAIR_SECONDS));
        for (int i = 1; i <= PAIRS; i++) {
            live.start("pair " + i, PAIR_SECONDS);
            double ourNs = ours.measure(sender, PAIR_SECONDS, () -> { }).cpuNsPerDatagram();
            double bareNs = bare.measure(sender, PAIR_SECONDS, () -> { }).cpuNsPerDatagram();
            live.end();
            ratios.add(ourNs / Math.max(1, bareNs));
            say("  pair %d  %,8.0f ns and %,8.0f ns of CPU a datagram".formatted(i, ourNs, bareNs));
        }
    }

    private void report(Sender sender) throws IOException {
        say("");
        RunTable.lines(runs).forEach(this::say);
        say("");
        wrap(Verdict.sentence(runs));
        Verdict.beside(ratios).ifPresent(this::wrap);
        Verdict.buffer(runs, RECEIVE_BUFFER).ifPresent(this::wrap);
        say("");
        wrap("Crossing: a call into native code for the receivers in Java, a system call for those in C. CPU: of the"
                + " receiving process, with everything else that it does.");
        wrap("The chapter's rates cannot be reproduced: a 1 Gb/s link carries at most 492 Mb/s of 64-byte UDP payload."
                + " What compares is the loss, and the ratio between the two drivers.");
        if (json != null) {
            Files.writeString(json, DemoJson.text(sender.name(), seconds, machine, runs, ratios, notRun));
            say("figures: " + json);
        }
    }

    /** A path that cannot be written to is known before the first test, not after the last. */
    private void requireWritable() throws IOException {
        try {
            if (json != null) {
                Files.newOutputStream(json, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
            }
        } catch (IOException e) {
            throw new IOException("--json %s: cannot be written (%s); give a file in a directory that you may write to"
                    .formatted(json, e.getClass().getSimpleName()), e);
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    private void wrap(String text) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() + word.length() >= WIDTH) {
                say(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        say(line.toString());
    }
}
