// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.top;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** Looks into a process again and again, and shows what has changed. Main thread only. */
public final class Top implements AutoCloseable {
    private static final String HOME = "\033[H";
    private static final String END_OF_LINE = "\033[K";
    private static final String BELOW = "\033[J";

    private final Watched watched;
    private final boolean json;
    private final boolean redraw;
    private final PrintWriter out;

    /**
     * Attaches to a process.
     *
     * @param pid its number
     * @param json a line of JSON each time, instead of a screen
     * @param redraw true if out is a terminal, to be drawn over
     * @param out where to show it
     * @throws IOException in one line, if the process cannot be looked into
     */
    public Top(long pid, boolean json, boolean redraw, PrintWriter out) throws IOException {
        watched = new Watched(pid);
        this.json = json;
        this.redraw = redraw && !json;
        this.out = out;
    }

    /**
     * Looks, until the process ends.
     *
     * @param interval from look to look
     * @param once end after the first
     * @throws IOException in one line, when the process has ended
     * @throws InterruptedException if the thread is interrupted
     */
    public void run(Duration interval, boolean once) throws IOException, InterruptedException {
        Sample before = watched.sample();
        if (redraw) {
            out.print(HOME + BELOW);
        }
        do {
            Thread.sleep(interval);
            Sample now = watched.sample();
            show(now.since(before), (now.nanos() - before.nanos()) / 1e9);
            before = now;
        } while (!once);
    }

    private void show(List<Change<Sample.Pool>> pools, double seconds) {
        if (json) {
            out.println(TopJson.line(watched.process(), seconds, pools));
        } else if (redraw) {
            out.print(HOME);
            Screen.lines(watched.process(), pools).forEach(line -> out.print(line + END_OF_LINE + "\n"));
            out.print(BELOW);
        } else {
            Screen.lines(watched.process(), pools).forEach(out::println);
        }
        out.flush();
    }

    @Override
    public void close() {
        watched.close();
    }
}
