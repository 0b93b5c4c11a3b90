// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.frameferry.FerryException;
import org.frameferry.Peer;

/**
 * One test, from the client's parameters to its results. The thread that calls {@link #run} does all of it, and owns
 * both ends of the data path; it must be a platform thread, since it waits in native code.
 */
final class Iperf3Test {
    /** How late the end of a test is noticed when nothing comes in. */
    private static final Duration PATIENCE = Duration.ofMillis(20);
    /** The pace of a sender that keeps to a bandwidth. */
    private static final Duration PACE = Duration.ofNanos(200_000);
    /** The client has stopped sending when it says so; what is still on its way arrives in this time. */
    private static final Duration GRACE = Duration.ofMillis(50);
    private static final Duration MAX_GRACE = Duration.ofSeconds(2);
    private static final int MAX_RESULTS_BYTES = 256 << 10;
    /** Below this a burst of small datagrams overflows the socket while the receiver is not running. */
    private static final long AMPLE_BUFFER = 4 << 20;

    private final ControlConnection control;
    private final TestParameters parameters;
    private final InetSocketAddress bind;
    private final DataPathFactory paths;
    private final BooleanSupplier stopping;
    private final Limits limits;
    private final TestLog log;

    private final List<StreamMeter> meters = new ArrayList<>();
    private final List<StreamSender> senders = new ArrayList<>();
    private StreamTable table;
    private PathStatistics statistics = PathStatistics.NONE;
    private Map<Integer, ResultsMessage.PeerCount> counts = Map.of();
    private CpuTime cpu = new CpuTime(0, 0);
    private long receiveBuffer;
    private long start;
    private long counted;
    private long end;
    private boolean omitting;

    Iperf3Test(ControlConnection control, TestParameters parameters, InetSocketAddress bind, DataPathFactory paths,
            BooleanSupplier stopping, Limits limits, Consumer<String> log) {
        this.control = control;
        this.parameters = parameters;
        this.bind = bind;
        this.paths = paths;
        this.stopping = stopping;
        this.limits = limits;
        this.log = new TestLog(control.client(), log);
    }

    /** Runs the test. What goes wrong is logged, told to the client, and in the result. */
    Iperf3Result run() {
        String error = null;
        try {
            serve();
        } catch (TestFailure e) {
            error = e.getMessage();
            control.sendFailure(e);
        } catch (IOException e) {
            error = "the control connection: " + e.getMessage();
        } catch (RuntimeException e) {
            error = "the data path: " + (e instanceof FerryException ? e.getMessage() : e);
            control.sendFailure(new TestFailure(ClientError.SERVER_TERMINATED, error));
        }
        control.close();
        Iperf3Result result = result(error);
        if (error != null) {
            Progress.summary(result).forEach(log::line);
            log.line("test broken off: " + error);
        }
        return result;
    }

    private void serve() throws IOException, TestFailure {
        CpuTime before;
        try (DataPath path = open()) {
            try {
                control.sendState(ControlState.CREATE_STREAMS);
                control.watch();
                createStreams(path);
                control.sendState(ControlState.TEST_START);
                control.sendState(ControlState.TEST_RUNNING);
                before = CpuTime.now();
                measure(path);
                drain(path);
                cpu = CpuTime.now().since(before);
            } finally {
                statistics = path.statistics();
            }
        }
        exchangeResults();
    }

    private DataPath open() throws TestFailure {
        log.line(describe());
        DataPath path;
        try {
            path = paths.open(bind, parameters.blockSize());
        } catch (FerryException e) {
            throw new TestFailure(ClientError.STREAM_LISTEN, "cannot open the data path: " + e.getMessage());
        }
        receiveBuffer = path.receiveBuffer();
        if (receiveBuffer < AMPLE_BUFFER && parameters.receiving() > 0) {
            log.line(("the kernel grants %,d bytes of receive buffer, less than 4 MiB: expect loss at high rates;"
                    + " sysctl -w net.core.rmem_max=8388608").formatted(receiveBuffer));
        }
        return path;
    }

    private String describe() {
        String direction = parameters.reverse() ? "reverse" : parameters.bidirectional() ? "both ways" : "forward";
        String rate = parameters.bandwidth() == 0 ? "as fast as it goes"
                : "%,d bit/s a stream".formatted(parameters.bandwidth());
        String ignored = parameters.ignored().isEmpty() ? ""
                : "; without effect here: " + String.join(", ", parameters.ignored());
        return "UDP test, %s, %d stream%s of %d-byte datagrams, %s (%s)%s".formatted(direction, parameters.parallel(),
                parameters.parallel() == 1 ? "" : "s", parameters.blockSize(), rate, paths.name(), ignored);
    }

    /** iperf3 numbers its streams 1, 3, 4, 5 ...; on a test that goes both ways the ones we receive on come first. */
    private void createStreams(DataPath path) throws TestFailure, IOException {
        int expected = parameters.receiving() + parameters.sending();
        long deadline = Limits.deadline(limits.handshake());
        List<Peer> peers = new StreamHandshake(control.host(), expected).run(path, () -> ended() || System.nanoTime() > deadline);
        if (peers.size() < expected) {
            requireRunning();
            throw new TestFailure(ClientError.STREAM_ACCEPT,
                    "%d of %d streams said who they are within %d s; is UDP port %d open on the way?".formatted(
                            peers.size(), expected, limits.handshake().toSeconds(), path.localAddress().getPort()));
        }
        for (int i = 0; i < expected; i++) {
            int id = i == 0 ? 1 : i + 2;
            if (i < parameters.receiving()) {
                meters.add(new StreamMeter(id, peers.get(i), parameters.counters64()));
            } else {
                senders.add(new StreamSender(id, peers.get(i), parameters));
            }
        }
    }

    private boolean ended() {
        return control.event() != ControlConnection.NO_EVENT || stopping.getAsBoolean();
    }

    /** Says why, if the test has ended other than by the client's wish. */
    private void requireRunning() throws TestFailure, IOException {
        int event = control.event();
        if (event == ControlConnection.GONE) {
            throw new TestFailure(ClientError.NOTHING, "the client has vanished");
        }
        if (event == ControlState.CLIENT_TERMINATE) {
            throw new TestFailure(ClientError.NOTHING, "the client was stopped");
        }
        if (event != ControlConnection.NO_EVENT) {
            throw new TestFailure(ClientError.MESSAGE, "state %d from the client, which has no place here"
                    .formatted(event));
        }
        if (stopping.getAsBoolean()) {
            control.sendState(ControlState.SERVER_TERMINATE);
            throw new TestFailure(ClientError.NOTHING, "this server was stopped");
        }
    }

    private void measure(DataPath path) throws TestFailure, IOException {
        StreamSender[] sending = senders.toArray(StreamSender[]::new);
        Duration patience = sending.length == 0 ? PATIENCE : parameters.bandwidth() == 0 ? Duration.ZERO : PACE;
        start = System.nanoTime();
        counted = start;
        omitting = parameters.omit() > 0;
        table = new StreamTable(meters);
        Progress progress = new Progress(path, table, senders, log, start);
        long heard = start;
        while (!ended()) {
            int n = path.receive(table, patience);
            long now = System.nanoTime();
            heard = n > 0 ? now : heard;
            for (StreamSender sender : sending) {
                sender.sendDue(path, now - start);
            }
            progress.tick(now, omitting);
            endOmitted(progress, now);
            requireInTime(now, heard);
        }
        end = System.nanoTime();
        if (control.event() != ControlState.TEST_END) {
            requireRunning();
        }
    }

    private void endOmitted(Progress progress, long now) {
        if (omitting && now - start >= parameters.omit() * 1_000_000_000L) {
            omitting = false;
            counted = now;
            table.endOmitted();
            for (StreamSender sender : senders) {
                sender.endOmitted();
            }
            progress.restart(now);
        }
    }

    private void requireInTime(long now, long heard) throws TestFailure {
        if (!meters.isEmpty() && now - heard > limits.silence().toNanos()) {
            throw new TestFailure(ClientError.IDLE,
                    "no datagram for %d s".formatted(limits.silence().toSeconds()));
        }
        long planned = (parameters.time() + parameters.omit()) * 1_000_000_000L;
        if (parameters.time() > 0 && now - start > planned + limits.overtime().toNanos()) {
            throw new TestFailure(ClientError.SERVER_TERMINATED, "the client let its test of %d s run %d s longer"
                    .formatted(parameters.time(), limits.overtime().toSeconds()));
        }
    }

    /** Takes what lies in the socket yet, so that late is not counted as lost. */
    private void drain(DataPath path) {
        long deadline = Limits.deadline(MAX_GRACE);
        while (!meters.isEmpty() && path.receive(table, GRACE) > 0 && System.nanoTime() < deadline) {
            end = System.nanoTime();
        }
        if (table.foreign() > 0) {
            log.line("%,d datagrams were none of this test's".formatted(table.foreign()));
        }
    }

    private void exchangeResults() throws IOException, TestFailure {
        control.sendState(ControlState.EXCHANGE_RESULTS);
        JsonNode theirs = control.readJson(MAX_RESULTS_BYTES, "its results", ClientError.RESULTS,
                Limits.deadline(limits.results()));
        counts = ResultsMessage.decode(theirs);
        Progress.summary(result(null)).forEach(log::line);
        control.sendJson(ResultsMessage.encode(meters, senders, seconds(), cpu, (end - start) / 1e9,
                parameters.serverOutput() ? log.text() : null));
        control.sendState(ControlState.DISPLAY_RESULTS);
        try {
            control.readState(Limits.deadline(limits.results()));
        } catch (IOException e) {
            log.line("the client had its results, but did not say good-bye: " + e.getMessage());
        }
    }

    private double seconds() {
        return Math.max(0, end - counted) / 1e9;
    }

    private Iperf3Result result(String error) {
        List<Iperf3Result.Stream> streams = new ArrayList<>();
        for (StreamMeter m : meters) {
            ResultsMessage.PeerCount c = counts.get(m.id());
            long sent = c == null ? m.packets() - m.omittedPackets() : c.counted(m.omittedPackets());
            streams.add(new Iperf3Result.Stream(m.id(), false, sent, m.datagrams(), m.errors() - m.omittedErrors(),
                    m.outOfOrder(), m.bytes(), m.jitterSeconds()));
        }
        for (StreamSender s : senders) {
            ResultsMessage.PeerCount c = counts.get(s.id());
            streams.add(c == null ? new Iperf3Result.Stream(s.id(), true, s.sent(), 0, 0, 0, s.bytes(), 0)
                    : new Iperf3Result.Stream(s.id(), true, s.sent(), c.counted(s.omittedPackets()) - c.lost(),
                            c.lost(), 0, s.bytes(), c.jitterSeconds()));
        }
        return new Iperf3Result(control.client(), parameters.blockSize(), seconds(), List.copyOf(streams), statistics,
                receiveBuffer, cpu, error);
    }
}
