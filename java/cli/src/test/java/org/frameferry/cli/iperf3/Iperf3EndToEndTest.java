// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.frameferry.Bridge;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The stock iperf3 client against the server: what it prints is what we measured. Skipped where it is missing. */
@Timeout(120)
class Iperf3EndToEndTest {
    private static final String MISSING = "iperf3 is not on the PATH: its client's tests are skipped; install iperf3";

    @BeforeAll
    static void requireClient() {
        boolean found = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> new File(directory, "iperf3").canExecute());
        if (!found) {
            System.out.println(MISSING);
        }
        Assumptions.assumeTrue(found, MISSING);
    }

    private static Process start(ServerUnderTest server, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("iperf3", "-p", String.valueOf(server.port())));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Runs the client to its end and returns what it printed. */
    private static String run(ServerUnderTest server, String... arguments) throws Exception {
        Process client = start(server, arguments);
        String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(client.waitFor(ServerUnderTest.PATIENCE_SECONDS, TimeUnit.SECONDS));
        return output;
    }

    /** Runs a test of a second with -J; the client must report no error. */
    private static JsonNode runJson(ServerUnderTest server, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-u", "-t", "1", "-J"));
        all.addAll(List.of(arguments));
        JsonNode json = new ObjectMapper().readTree(run(server, all.toArray(String[]::new)));
        assertNull(json.get("error"), json::toString);
        return json.get("end");
    }

    /** The client's sum must be what we measured: it computes it from our errors and its own count. */
    private static Iperf3Result assertSum(ServerUnderTest server, JsonNode end, int streams) throws Exception {
        Iperf3Result result = server.result();
        assertNull(result.error());
        assertEquals(streams, result.streams().size());
        Iperf3Result.Stream total = result.total(false);
        JsonNode sum = end.get("sum");
        assertEquals(total.sent(), sum.get("packets").asLong());
        assertEquals(total.lost(), sum.get("lost_packets").asLong());
        assertEquals(total.jitterSeconds() * 1e3, sum.get("jitter_ms").asDouble(), 1e-6);
        assertTrue(total.received() > 0);
        assertEquals(total.received() * result.blockSize(), total.bytes());
        return result;
    }

    @Test
    void plain() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            JsonNode end = runJson(server, "-c", "127.0.0.1", "-b", "0", "-l", "64");
            Iperf3Result result = assertSum(server, end, 1);
            assertEquals(64, result.blockSize());
            assertTrue(result.path().framesPerCrossing() > 0);
        }
    }

    @Test
    void aBandwidthThatLosesNothing() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            JsonNode end = runJson(server, "-c", "127.0.0.1", "-l", "1400", "-b", "50M");
            Iperf3Result.Stream total = assertSum(server, end, 1).total(false);
            assertEquals(total.sent(), total.received() + total.lost());
        }
    }

    @Test
    void inEveryModeAndCrossing() throws Exception {
        for (Bridge.Mode mode : Bridge.Mode.values()) {
            for (Bridge.Crossing crossing : Bridge.Crossing.values()) {
                FrameferryDataPath.Settings settings = new FrameferryDataPath.Settings(mode, crossing, 32, 4 << 20,
                        true);
                try (ServerUnderTest server = new ServerUnderTest(settings, Limits.DEFAULT)) {
                    assertSum(server, runJson(server, "-c", "127.0.0.1", "-b", "20M"), 1);
                    JsonNode end = runJson(server, "-c", "127.0.0.1", "-b", "20M", "-l", "1000", "-R");
                    assertReverse(server, end, 1);
                }
            }
        }
    }

    @Test
    void parallelStreamsShareOneSocket() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            JsonNode end = runJson(server, "-c", "127.0.0.1", "-P", "4", "-b", "10M");
            Iperf3Result result = assertSum(server, end, 4);
            assertEquals(List.of(1, 3, 4, 5), result.streams().stream().map(Iperf3Result.Stream::id).toList());
            for (int i = 0; i < 4; i++) {
                JsonNode stream = end.get("streams").get(i).get("udp");
                assertEquals(result.streams().get(i).sent(), stream.get("packets").asLong());
                assertEquals(result.streams().get(i).lost(), stream.get("lost_packets").asLong());
                assertTrue(result.streams().get(i).received() > 0);
            }
        }
    }

    private static void assertReverse(ServerUnderTest server, JsonNode end, int streams) throws Exception {
        Iperf3Result result = server.result();
        assertNull(result.error());
        assertEquals(streams, result.streams().size());
        Iperf3Result.Stream total = result.total(true);
        assertEquals(total.sent(), end.get("sum").get("packets").asLong());
        assertEquals(total.lost(), end.get("sum").get("lost_packets").asLong());
        assertTrue(total.received() > 0);
        assertTrue(total.received() <= total.sent());
        assertEquals(total.sent() * result.blockSize(), total.bytes());
        // Datagrams, and a reply to each stream; the poller may not have come to the last ones.
        assertTrue(result.path().sent() >= total.received() + streams, result.path()::toString);
        assertTrue(result.path().sent() <= total.sent() + streams, result.path()::toString);
    }

    @Test
    void reverse() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            assertReverse(server, runJson(server, "-c", "127.0.0.1", "-R", "-b", "10M"), 1);
            assertReverse(server, runJson(server, "-c", "127.0.0.1", "-R", "-b", "0", "-l", "1400"), 1);
            assertReverse(server, runJson(server, "-c", "127.0.0.1", "-R", "-b", "5M", "-P", "2"), 2);
        }
    }

    @Test
    void bothWays() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            JsonNode end = runJson(server, "-c", "127.0.0.1", "--bidir", "-b", "10M", "-l", "1000");
            Iperf3Result result = assertSum(server, end, 2);
            assertEquals(result.total(true).sent(), end.get("sum_bidir_reverse").get("packets").asLong());
        }
    }

    @Test
    void ipv6() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            assertSum(server, runJson(server, "-6", "-c", "::1", "-b", "10M"), 1);
            assertReverse(server, runJson(server, "-6", "-c", "::1", "-b", "10M", "-R"), 1);
        }
    }

    @Test
    void theOtherOptions() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            assertSum(server, runJson(server, "-c", "127.0.0.1", "-b", "10M", "--udp-counters-64bit", "-w", "128K"), 1);
            server.awaitLog("without effect here: window");
            JsonNode end = runJson(server, "-c", "127.0.0.1", "-b", "10M", "-l", "500", "-O", "1");
            server.awaitLog("(omitted)");
            assertEquals(server.result().total(false).lost(), end.get("sum").get("lost_packets").asLong());
            assertTrue(run(server, "-u", "-c", "127.0.0.1", "-b", "10M", "-n", "200K", "-i", "0.5").contains("Done"));
            assertTrue(server.result().completed());
            assertTrue(run(server, "-u", "-c", "127.0.0.1", "-b", "10M/10", "-k", "50", "-l", "100").contains("Done"));
            assertEquals(50, server.result().total(false).sent());
            assertTrue(run(server, "-u", "-c", "127.0.0.1", "-b", "10M", "-n", "200K", "-R").contains("Done"));
            assertTrue(server.result().completed());
        }
    }

    @Test
    void theClientCanShowOurLog() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            String output = run(server, "-u", "-c", "127.0.0.1", "-t", "1", "--get-server-output");
            assertTrue(output.contains("Server output:"), output);
            assertTrue(output.contains("stream 1: received "), output);
            assertTrue(server.result().completed());
        }
    }

    @Test
    void tcpIsRefusedWithAReason() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            String output = run(server, "-c", "127.0.0.1", "-t", "1");
            assertTrue(output.contains("test initialization failed"), output);
            assertTrue(output.contains("Protocol not supported"), output);
            server.awaitLog("asks for a TCP test; this server runs UDP tests only: iperf3 -u");
            assertSum(server, runJson(server, "-c", "127.0.0.1", "-b", "10M"), 1);
        }
    }

    @Test
    void aSecondClientIsToldThatWeAreBusy() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            Process first = start(server, "-u", "-c", "127.0.0.1", "-t", "60");
            server.awaitLog("UDP test");
            String output = run(server, "-u", "-c", "127.0.0.1", "-t", "1");
            assertTrue(output.contains("the server is busy running a test"), output);
            assertTrue(first.isAlive());
            first.destroy();
            assertEquals("the client was stopped", server.result().error());
        }
    }

    @Test
    void aKilledClientMakesWayForTheNext() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            for (String reverse : new String[] {"--forceflush", "-R"}) {
                Process first = start(server, "-u", "-c", "127.0.0.1", "-b", "20M", "-t", "60", reverse);
                server.awaitLog(reverse.equals("-R") ? "s  sent " : "s  received ");
                first.destroyForcibly().waitFor();
                Iperf3Result broken = server.result();
                assertEquals("the client has vanished", broken.error());
                assertNotEquals(0, broken.streams().size());
                assertSum(server, runJson(server, "-c", "127.0.0.1", "-b", "10M"), 1);
            }
            assertFalse(server.log().isEmpty());
        }
    }
}
