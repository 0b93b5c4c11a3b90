// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * What is seen while benchmarks run: a line for each that is done, with an estimate of the time left; on a terminal one
 * line that is drawn again. One thread.
 */
public final class Progress {
    private static final int WIDTH = 110;

    private final PrintWriter out;
    private final boolean redraw;
    private final double planned;
    private final long start = System.nanoTime();
    private double done;

    /**
     * @param redraw true if out is a terminal
     * @param planned seconds in all, as far as one can plan
     */
    public Progress(PrintWriter out, boolean redraw, double planned) {
        this.out = out;
        this.redraw = redraw;
        this.planned = planned;
    }

    /** Something begins. */
    public void begin(String name) {
        if (redraw) {
            draw(name);
        }
    }

    /**
     * Something is done.
     *
     * @param seconds that had been planned for it
     */
    public void end(String name, double seconds) {
        done += seconds;
        draw(name);
    }

    /** All is done: a redrawn line is wiped. */
    public void close() {
        if (redraw) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            out.flush();
        }
    }

    private void draw(String name) {
        String line = "  %-72s %s".formatted(name, left((System.nanoTime() - start) / 1e9, done, planned));
        out.print(redraw ? "\r" + line + " ".repeat(Math.max(0, WIDTH - line.length()))
                : line + System.lineSeparator());
        out.flush();
    }

    /** {@return how long it will still take if it goes on as it went} */
    static String left(double elapsed, double done, double planned) {
        long seconds = Math.round((planned - done) * (done == 0 ? 1 : elapsed / done));
        return String.format(Locale.ROOT, "%3.0f %%, about %d:%02d left", 100 * done / planned, seconds / 60,
                seconds % 60);
    }
}
