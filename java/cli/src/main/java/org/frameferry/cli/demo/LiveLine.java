// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * What is seen while a test runs: a line each second, or on a terminal one line that is drawn again. One thread.
 */
final class LiveLine {
    private final PrintWriter out;
    private final boolean redraw;
    private String title;
    private int seconds;
    private int elapsed;
    private KernelUdp before;

    /**
     * @param redraw true if out is a terminal
     */
    LiveLine(PrintWriter out, boolean redraw) {
        this.out = out;
        this.redraw = redraw;
    }

    /** Begins a test. */
    void start(String title, int seconds) {
        this.title = title;
        this.seconds = seconds;
        elapsed = 0;
        before = KernelUdp.now();
        if (redraw) {
            out.printf("  %-10s", title);
            out.flush();
        }
    }

    /** Called each second of the test. */
    void second() {
        KernelUdp now = KernelUdp.now();
        KernelUdp last = now.since(before);
        before = now;
        elapsed++;
        out.printf(Locale.ROOT, "%s  %-10s%3d of %d s  %,11d received  %,11d dropped by the kernel%s",
                redraw ? "\r" : "", title, elapsed, seconds, last.received(), last.dropped(),
                redraw ? "" : System.lineSeparator());
        out.flush();
    }

    /** Ends the test, perhaps just before its last second. A redrawn line is wiped: its figures come in the table. */
    void end() {
        if (!redraw && elapsed == seconds - 1) {
            second();
        }
        if (redraw) {
            out.print("\r" + " ".repeat(78) + "\r");
            out.flush();
        }
    }
}
