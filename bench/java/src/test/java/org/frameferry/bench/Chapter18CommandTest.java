// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What `ferry bench chapter18` answers to options that are wrong, before anything is measured. */
class Chapter18CommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
    }

    @Test
    void helpTellsTheOptions() {
        assertEquals(0, run("chapter18", "--help"));
        for (String option : new String[] {"--quick", "--json=FILE", "--page=FILE", "--misses"}) {
            assertTrue(out.toString().contains(option), out.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json", "--page"})
    void aFileThatCannotBeWrittenIsRefusedAtOnce(String option, @TempDir Path folder) {
        Path file = folder.resolve("none").resolve("file");
        assertEquals(2, run("chapter18", option, file.toString()));
        assertEquals("ferry: " + option + " is " + file + ", must be a file in a folder that you may write (see ferry"
                + " bench chapter18 --help)" + System.lineSeparator(), err.toString());
        assertEquals("", out.toString());
    }
}
