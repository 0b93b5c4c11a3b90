// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The log lines of one test: one each second, one for each stream at the end. Test thread only. */
final class Progress {
    private static final long INTERVAL = 1_000_000_000L;

    private final DataPath path;
    private final StreamTable table;
    private final List<StreamSender> senders;
    private final TestLog log;
    private final long start;
    private long next;
    private long intervalStart;
    private PathStatistics statistics;
    private long receivedBytes;
    private long received;
    private long lost;
    private long sentBytes;
    private long sent;

    Progress(DataPath path, StreamTable table, List<StreamSender> senders, TestLog log, long start) {
        this.path = path;
        this.table = table;
        this.senders = senders;
        this.log = log;
        this.start = start;
        restart(start);
    }

    /** When the next line is due, in System.nanoTime's terms. */
    long next() {
        return next;
    }

    /** Writes the line of the interval that ends now, if it is due. */
    void tick(long now, boolean omitted) {
        if (now < next) {
            return;
        }
        double seconds = (now - intervalStart) / 1e9;
        PathStatistics reading = path.statistics();
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%6.1f-%.1f s",
                (intervalStart - start) / 1e9, (now - start) / 1e9));
        if (table.bytes() > 0 || senders.isEmpty()) {
            line.append(String.format(Locale.ROOT,
                    "  received %.1f Mb/s  %,.0f datagrams/s  lost %,d  %.1f frames a crossing",
                    (table.bytes() - receivedBytes) * 8 / seconds / 1e6, (table.datagrams() - received) / seconds,
                    table.lost() - lost, reading.since(statistics).framesPerCrossing()));
        }
        if (!senders.isEmpty()) {
            line.append(String.format(Locale.ROOT, "  sent %.1f Mb/s  %,.0f datagrams/s",
                    (bytesSent() - sentBytes) * 8 / seconds / 1e6, (datagramsSent() - sent) / seconds));
        }
        log.line(line.append(omitted ? "  (omitted)" : "").toString());
        next += ((now - next) / INTERVAL + 1) * INTERVAL;
        begin(now, reading);
    }

    /** Starts counting afresh where the omitted start ends, once its streams have been reset. */
    void restart(long now) {
        next = now + INTERVAL;
        begin(now, path.statistics());
    }

    private void begin(long now, PathStatistics reading) {
        intervalStart = now;
        statistics = reading;
        receivedBytes = table.bytes();
        received = table.datagrams();
        lost = table.lost();
        sentBytes = bytesSent();
        sent = datagramsSent();
    }

    private long bytesSent() {
        long sum = 0;
        for (StreamSender sender : senders) {
            sum += sender.bytes();
        }
        return sum;
    }

    private long datagramsSent() {
        long sum = 0;
        for (StreamSender sender : senders) {
            sum += sender.sent();
        }
        return sum;
    }

    /**
     * The lines at the end: each stream, and the sum of those that run the same way. Without the client's results
     * nothing is known of what it received.
     */
    static List<String> summary(Iperf3Result result) {
        List<String> lines = new ArrayList<>();
        for (boolean serverSends : new boolean[] {false, true}) {
            List<Iperf3Result.Stream> streams = result.streams().stream()
                    .filter(s -> s.serverSends() == serverSends && (result.completed() || !serverSends)).toList();
            for (Iperf3Result.Stream s : streams) {
                lines.add(line("stream " + s.id(), s, result.seconds()));
            }
            if (streams.size() > 1) {
                lines.add(line("all " + streams.size(), result.total(serverSends), result.seconds()));
            }
        }
        return lines;
    }

    private static String line(String name, Iperf3Result.Stream s, double seconds) {
        double mbit = seconds <= 0 ? 0 : s.bytes() * 8 / seconds / 1e6;
        String tail = String.format(Locale.ROOT, "%.3f %% lost, jitter %.3f ms, %.1f Mb/s", s.lossPercent(),
                s.jitterSeconds() * 1e3, mbit);
        return s.serverSends()
                ? String.format(Locale.ROOT, "%s: sent %,d datagrams, the client received %,d, %s", name, s.sent(),
                        s.received(), tail)
                : String.format(Locale.ROOT, "%s: received %,d of %,d datagrams, %,d out of order, %s", name,
                        s.received(), s.sent(), s.outOfOrder(), tail);
    }
}
