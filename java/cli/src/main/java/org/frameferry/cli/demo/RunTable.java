// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The runs as a table for people, with the chapter's own figures below the receivers they belong to. Static functions;
 * any thread.
 */
final class RunTable {
    /** Loss that is there but would be shown as none. */
    private static final double TINY_PERCENT = 0.005;
    private static final String FORMAT = "  %-17s%12s%12s%10s%6s%7s%11s%11s%10s";
    /** The driver that fails, and the one it was rewritten to. */
    private static final String CHAPTER_BEFORE =
            row("  in chapter 18", "5,950,000", "4,100,000", "31.1 %", "599", "95", "", "", "");
    private static final String CHAPTER_AFTER =
            row("  in chapter 18", "9,850,000", "9,838,000", "0.12 %", "1020", "68", "", "", "");

    private RunTable() {}

    static List<String> lines(List<Run> runs) {
        List<String> lines = new ArrayList<>();
        lines.add(row("", "", "", "", "", "CPU %", "CPU ns per", "frames per", "receive"));
        lines.add(row("receiver", "sent", "received", "lost", "Mb/s", "of 1", "datagram", "crossing", "buffer"));
        lines.add("  " + "-".repeat(lines.getLast().length() - 2));
        for (Run r : runs) {
            lines.add(row(name(r), number(r.sent()), number(r.received()), percent(r.lossPercent()),
                    number(Math.round(r.mbitPerSecond())), number(Math.round(r.cpuPercent())),
                    number(Math.round(r.cpuNsPerDatagram())), one(r.framesPerCrossing()),
                    Machine.bytes(r.receiveBuffer())));
            if (r.receiver().equals(Run.CHAPTER18)) {
                lines.add(CHAPTER_BEFORE);
            } else if (r.receiver().equals(Run.FRAMEFERRY)) {
                lines.add(CHAPTER_AFTER);
            }
        }
        return lines;
    }

    private static String row(Object... cells) {
        return FORMAT.formatted(cells).stripTrailing();
    }

    /** {@return how the receiver is called where people read} */
    static String name(Run run) {
        return switch (run.receiver()) {
            case Run.IPERF3 -> "iperf3 -s";
            case Run.BARE_C -> "bare C loop";
            default -> run.receiver();
        };
    }

    static String percent(double x) {
        return x > 0 && x < TINY_PERCENT ? "<0.01 %" : String.format(Locale.ROOT, "%.2f %%", x);
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String one(double x) {
        return String.format(Locale.ROOT, "%.1f", x);
    }
}
