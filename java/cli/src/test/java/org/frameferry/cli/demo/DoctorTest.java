// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The doctor looks at everything it promises to, and its exit code is what its lines say. */
class DoctorTest {
    @Test
    void looksAtEverything() {
        StringWriter out = new StringWriter();
        int exit = Doctor.run(new PrintWriter(out));
        String text = out.toString();
        for (String subject : List.of("JDK", "native access", "native library", "receive buffer", "cores", "huge pages",
                "privileges", "C compiler", "iperf3")) {
            assertTrue(text.lines().anyMatch(l -> l.matches("(ok|warn|fail) +" + subject + " .*")), text);
        }
        assertEquals(text.lines().anyMatch(l -> l.startsWith("fail")) ? 1 : 0, exit, text);
        assertEquals(0, exit, text);
    }

    @Test
    void aRemedyStandsBelowWhatItMends() {
        assertEquals("warn  iperf3          none%n                      -> install it".formatted(),
                Finding.warn("iperf3", "none", "install it").text());
        assertEquals("ok    iperf3          3.12", Finding.ok("iperf3", "3.12").text());
    }
}
