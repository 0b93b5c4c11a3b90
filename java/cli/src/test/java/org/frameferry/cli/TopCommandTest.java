// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.frameferry.cli.top.Carrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is printed of another process, or said when there is none to look into. */
@Timeout(60)
class TopCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
    }

    private void assertFails(int exitCode, String line, String... arguments) {
        err.getBuffer().setLength(0);
        assertEquals(exitCode, run(arguments), () -> out + "" + err);
        assertEquals("ferry: " + line, err.toString().strip());
    }

    @Test
    void aLineForScripts() throws Exception {
        try (Carrier carrier = Carrier.start()) {
            carrier.carry(1000);
            assertEquals(0, run("top", Long.toString(carrier.pid()), "--once", "--json", "--interval", "0.1"));
            assertEquals(1, out.toString().lines().count());
            JsonNode json = new ObjectMapper().readTree(out.toString());
            assertEquals(carrier.pid(), json.get("pid").asLong());
            assertTrue(json.get("seconds").asDouble() >= 0.1);
            JsonNode loop = json.get("pools").get(0).get("bridges").get(0);
            assertEquals(1000, loop.get("rxFrames").asLong());
            assertEquals(0, loop.get("perSecond").get("rxFrames").asDouble());
        }
    }

    @Test
    void untilTheProcessEnds() throws Exception {
        Carrier carrier = Carrier.start();
        CompletableFuture<Integer> top = CompletableFuture.supplyAsync(
                () -> run("top", Long.toString(carrier.pid()), "--interval", "0.1"));
        while (out.toString().lines().filter(line -> line.contains("bridge 0 over a loop")).count() < 2) {
            Thread.sleep(1);
        }
        carrier.close();
        assertEquals(1, top.get());
        assertEquals("ferry: process " + carrier.pid() + " has ended", err.toString().strip());
    }

    @Test
    void ofSeveralOneMustBeNamed() throws Exception {
        try (Carrier one = Carrier.start(); Carrier two = Carrier.start()) {
            assertEquals(2, run("top"));
            assertTrue(err.toString().contains("processes have Frameferry: name one of them"), err.toString());
            for (Carrier carrier : new Carrier[] {one, two}) {
                assertTrue(out.toString().lines().anyMatch(
                        line -> line.strip().equals(carrier.pid() + " " + Carrier.class.getName())), out.toString());
            }
        }
    }

    @Test
    void itRefuses() throws Exception {
        try (Carrier carrier = Carrier.start("-XX:+DisableAttachMechanism")) {
            assertEquals(1, run("top", Long.toString(carrier.pid())));
            assertTrue(err.toString().startsWith("ferry: process " + carrier.pid() + " cannot be attached to"));
            assertTrue(err.toString().strip().endsWith("started without -XX:+DisableAttachMechanism"), err.toString());
            assertEquals(1, err.toString().lines().count());
        }
    }

    @Test
    void anotherVersion() throws Exception {
        try (Carrier carrier = Carrier.start()) {
            carrier.beOfAnotherVersion();
            assertEquals(1, run("top", Long.toString(carrier.pid()), "--once"));
            assertTrue(err.toString().startsWith(
                    "ferry: process " + carrier.pid() + " has a Frameferry of another version"), err.toString());
        }
    }

    /** The first process is root's. Some systems do not even let root look into it, others do. */
    @Test
    void anotherUser() throws Exception {
        try {
            Files.readAllBytes(Path.of("/proc/1/maps"));
            abort("this user may look into every process");
        } catch (AccessDeniedException e) {
            assertFails(1, "process 1 belongs to user " + Files.getOwner(Path.of("/proc/1"))
                    + ", and may not be looked into: run ferry top as that user, or as root", "top", "1");
        }
    }

    @Test
    void nothingToLookInto() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "60").start();
        try {
            long pid = sleeper.pid();
            assertFails(1, "process " + pid + " has not loaded Frameferry: ferry top without a number finds those that"
                    + " have", "top", Long.toString(pid));
        } finally {
            sleeper.destroyForcibly();
        }
        long none = (1L << 22) + 1; // Linux gives no greater number than 2^22
        assertFails(1, "there is no process " + none + ": ferry top without a number finds those with Frameferry",
                "top", Long.toString(none));
        assertFails(2, "--interval is 0.0, must be 0.1 to 3600 (see ferry top --help)", "top", "--interval", "0");
        assertFails(2, "--interval is NaN, must be 0.1 to 3600 (see ferry top --help)", "top", "--interval", "NaN");
    }
}
