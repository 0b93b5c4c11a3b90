// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user can do wrong on the command line: one line each, with the value and the remedy, and an exit code. */
class Iperf3ServerCommandTest {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private static String run(int exitCode, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
        assertEquals(exitCode, code, () -> out + "" + err);
        return exitCode == 0 ? out.toString() : err.toString();
    }

    private static void assertLine(int exitCode, String part, String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "iperf3-server";
        System.arraycopy(options, 0, arguments, 1, options.length);
        String error = run(exitCode, arguments);
        assertEquals(1, error.lines().count(), error);
        assertTrue(error.startsWith("ferry: "), error);
        assertTrue(error.contains(part), error);
    }

    @Test
    void valuesOutOfRange() {
        assertLine(WRONG_USAGE, "--port is 0, must be 1 to 65535", "-p", "0");
        assertLine(WRONG_USAGE, "--port is 65536, must be 1 to 65535", "-p", "65536");
        assertLine(WRONG_USAGE, "--batch is 0, must be 1 to 1024", "--batch", "0");
        assertLine(WRONG_USAGE, "--batch is 1025, must be 1 to 1024", "--batch", "1025");
        assertLine(WRONG_USAGE, "--receive-buffer is 4095, must be 4096 to 1073741824", "--receive-buffer", "4095");
        assertLine(WRONG_USAGE, "--receive-buffer is 1073741825, must be", "--receive-buffer", "1073741825");
    }

    @Test
    void valuesOfTheWrongKind() {
        assertLine(WRONG_USAGE, "'abc' is not a whole number", "-p", "abc");
        assertLine(WRONG_USAGE, "--receive-buffer is 99999999999, must be", "--receive-buffer", "99999999999");
        assertLine(WRONG_USAGE, "INLINE", "--mode", "fast");
        assertLine(WRONG_USAGE, "MAPPED", "--crossing", "fast");
        assertLine(WRONG_USAGE, "--colour", "--colour");
        assertLine(WRONG_USAGE, "--port", "-p");
    }

    @Test
    void addressesThatCannotBeHad() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = String.valueOf(taken.getLocalPort());
            assertLine(FAILED, port + ": Address already in use; choose another port with -p", "-p", port);
        }
        assertLine(FAILED, "-B no.such.host.invalid: no such host or address", "-B", "no.such.host.invalid");
        assertLine(FAILED, "192.0.2.1:5201: Cannot assign requested address", "-B", "192.0.2.1");
    }

    @Test
    void filesThatCannotBeWritten(@TempDir Path directory) throws IOException {
        assertLine(FAILED, "no such directory", "--json", directory.resolve("none/results.json").toString());
        assertLine(FAILED, "Is a directory", "--json", directory.toString());
        assertEquals(0, directory.toFile().list().length);
    }

    @Test
    void helpAndVersion() {
        String help = run(0, "iperf3-server", "--help");
        for (String option : new String[] {"-p", "-1", "-B", "--json", "--mode", "--crossing", "--batch",
            "--receive-buffer"}) {
            assertTrue(help.contains(option), help);
        }
        assertTrue(run(0, "--help").contains("iperf3-server"));
        assertTrue(run(0, "--version").startsWith("ferry "));
    }
}
