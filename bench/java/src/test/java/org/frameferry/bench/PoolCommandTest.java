// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `ferry bench` answers to options that are wrong, before anything is measured. */
class PoolCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
    }

    private void refused(String message, String... args) {
        assertEquals(2, run(args));
        assertEquals(message + System.lineSeparator(), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void helpTellsTheOptions() {
        assertEquals(0, run("pool", "--help"));
        assertTrue(out.toString().contains("--quick") && out.toString().contains("--json=FILE"), out.toString());
    }

    @Test
    void withoutACommandTheBenchmarksAreListed() {
        assertEquals(0, run());
        assertTrue(out.toString().contains("pool"), out.toString());
    }

    @Test
    void anUnknownOptionIsNamed() {
        refused("ferry: Unknown option: '--fast' (see ferry bench pool --help)", "pool", "--fast");
    }

    @Test
    void anUnknownBenchmarkIsNamed() {
        refused("ferry: Unmatched argument at index 0: 'swimming' (see ferry bench --help)", "swimming");
    }

    @Test
    void aFileThatCannotBeWrittenIsRefusedAtOnce(@TempDir Path folder) {
        Path file = folder.resolve("none").resolve("figures.json");
        refused("ferry: --json is " + file + ", must be a file in a folder that you may write (see ferry bench pool"
                + " --help)", "pool", "--json", file.toString());
    }

    @Test
    void aFolderIsNoFile(@TempDir Path folder) {
        refused("ferry: --json is " + folder + ", must be a file in a folder that you may write (see ferry bench pool"
                + " --help)", "pool", "--json", folder.toString());
    }
}
