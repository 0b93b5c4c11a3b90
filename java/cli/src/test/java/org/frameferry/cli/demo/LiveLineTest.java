// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A line for each second, whether or not the test lasts a moment beyond the last one. */
class LiveLineTest {
    private final StringWriter out = new StringWriter();

    private List<String> lines(boolean redraw, int seconds, int ticks) {
        LiveLine line = new LiveLine(new PrintWriter(out), redraw);
        line.start("measured", seconds);
        for (int i = 0; i < ticks; i++) {
            line.second();
        }
        line.end();
        return out.toString().lines().toList();
    }

    @Test
    void aLineASecond() {
        List<String> lines = lines(false, 3, 3);
        assertEquals(3, lines.size());
        assertTrue(lines.getLast().matches(
                "  measured {4}3 of 3 s {2,}[\\d,]+ received {2,}[\\d,]+ dropped by the kernel"), lines.getLast());
    }

    @Test
    void theLastSecondIsNotMissing() {
        assertEquals(3, lines(false, 3, 2).size());
    }

    @Test
    void aTerminalIsLeftAsItWas() {
        lines(true, 3, 3);
        assertTrue(out.toString().endsWith(" \r"), out.toString());
        assertTrue(out.toString().indexOf('\n') < 0, out.toString());
    }
}
