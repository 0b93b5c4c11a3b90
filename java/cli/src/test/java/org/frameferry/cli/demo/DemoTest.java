// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole demo, with the real programs. What it measures depends on the machine and is not asserted. */
class DemoTest {
    private static final String HOME = "frameferry.home";
    private static String before;

    /** The launcher's work: the programs of the native build are found from the repository's folder. */
    @BeforeAll
    static void findHome() {
        before = System.getProperty(HOME);
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("CMakePresets.json"))) {
            folder = folder.getParent();
        }
        System.setProperty(HOME, String.valueOf(folder));
    }

    @AfterAll
    static void restore() {
        if (before == null) {
            System.clearProperty(HOME);
        } else {
            System.setProperty(HOME, before);
        }
    }

    @Test
    void endToEnd(@TempDir Path directory) throws Exception {
        assumeTrue(Iperf3Sender.version().isPresent(), "iperf3 is not installed");
        Path file = directory.resolve("demo.json");
        StringWriter out = new StringWriter();

        int exit = new Demo(1, file, true, new PrintWriter(out), false).run();

        assertEquals(0, exit, out.toString());
        JsonNode root = new ObjectMapper().readTree(file.toFile());
        List<String> receivers = new ArrayList<>();
        for (JsonNode r : root.get("runs")) {
            String name = r.get("receiver").asText();
            receivers.add(name);
            assertTrue(r.get("sent").asLong() > 0, name);
            assertTrue(r.get("received").asLong() > 0, name);
            assertTrue(r.get("received").asLong() <= r.get("sent").asLong(), name);
            assertTrue(r.get("cpuNsPerDatagram").asDouble() > 0, name);
            assertTrue(r.get("framesPerCrossing").asDouble() > 0, name);
            assertTrue(out.toString().contains(name), name);
        }
        assertEquals(List.of("chapter18-naive", "iperf3", "frameferry", "bare-c"), receivers);
        assertTrue(out.toString().contains("Frameferry lost "), out.toString());
    }

    @Test
    void theBuiltInSenderReachesEveryReceiver() {
        Sender sender = new BuiltInSender();
        for (Receiver receiver : List.of(
                new InProcess(Run.CHAPTER18, "", Chapter18DataPath.factory(1 << 20)), new BareC(1 << 20))) {
            Run run = receiver.measure(sender, 1, () -> { });
            assertTrue(run.received() > 0 && run.received() <= run.sent(), run.toString());
            assertTrue(run.cpuNanos() > 0, run.toString());
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsKnownUpFront(@TempDir Path directory) {
        StringWriter out = new StringWriter();
        Path file = directory.resolve("missing").resolve("demo.json");
        IOException e = assertThrows(IOException.class,
                () -> new Demo(1, file, false, new PrintWriter(out), false).run());
        assertTrue(e.getMessage().startsWith("--json " + file + ": cannot be written"), e.getMessage());
        assertEquals("", out.toString());
    }

    @Test
    void aProgramThatIsMissingIsNamed() {
        DemoFailure e = assertThrows(DemoFailure.class, () -> Programs.own("no_such_program"));
        assertTrue(e.getMessage().contains("no_such_program is missing: build it"), e.getMessage());
        e = assertThrows(DemoFailure.class, () -> new Child(List.of("/no/such/program"), null));
        assertTrue(e.getMessage().startsWith("cannot run /no/such/program"), e.getMessage());
    }

    @Test
    void aProgramThatFailsToStartIsQuoted() {
        DemoFailure e = assertThrows(DemoFailure.class, () -> {
            try (Child child = new Child(List.of("sh", "-c", "echo no luck >&2; exit 1"), "ready")) {
                child.awaitReady(java.time.Duration.ofSeconds(10));
            }
        });
        assertEquals("sh did not start: no luck", e.getMessage());
    }
}
