// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.frameferry.Bridge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server against clients that break the protocol, step by step; each time it must serve the next one. */
@Timeout(120)
class Iperf3ServerTest {
    private static ServerUnderTest impatient() throws IOException {
        return impatient(Duration.ofMillis(1));
    }

    private static ServerUnderTest impatient(Duration busy) throws IOException {
        Duration limit = Duration.ofMillis(300);
        return new ServerUnderTest(
                new FrameferryDataPath.Settings(Bridge.Mode.INLINE, Bridge.Crossing.BATCHED, 64, 1 << 20, true),
                new Limits(limit, limit, limit, limit, limit, busy));
    }

    /** A whole test: numbers 1, 2, 5 and 4 arrive of 6 that were sent. */
    private static void serveOne(ServerUnderTest server) throws Exception {
        try (FakeClient client = new FakeClient(server.port())) {
            client.start();
            for (int number : new int[] {1, 2, 5, 4}) {
                client.sendDatagram(0, number);
            }
            client.sendState(ControlState.TEST_END);
            client.expectState(ControlState.EXCHANGE_RESULTS);
            client.sendJson("{\"streams\":[{\"id\":1,\"packets\":6,\"errors\":0}]}");
            assertTrue(client.readJson().contains("\"packets\":5,\"omitted_packets\":0"));
            client.expectState(ControlState.DISPLAY_RESULTS);
            client.sendState(ControlState.IPERF_DONE);
            Iperf3Result result;
            do {
                result = server.result(); // of a broken test before this one, perhaps
            } while (!result.completed());
            assertEquals(new Iperf3Result.Stream(1, false, 6, 4, 1, 1, 4 * 64,
                    result.streams().getFirst().jitterSeconds()), result.streams().getFirst());
            assertEquals(100 * 2 / 6.0, result.streams().getFirst().lossPercent(), 1e-9);
        }
    }

    @Test
    void servesTestAfterTest() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            serveOne(server);
            serveOne(server);
        }
    }

    @Test
    void inEveryModeAndCrossing() throws Exception {
        for (Bridge.Mode mode : Bridge.Mode.values()) {
            for (Bridge.Crossing crossing : Bridge.Crossing.values()) {
                var settings = new FrameferryDataPath.Settings(mode, crossing, 1, 1 << 20, true);
                try (ServerUnderTest server = new ServerUnderTest(settings, Limits.DEFAULT)) {
                    serveOne(server);
                }
            }
        }
    }

    @Test
    void aPortScannerIsNoTest() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            new FakeClient(server.port()).close();
            server.awaitLog("closed the connection when it should send its cookie");
            serveOne(server);
        }
    }

    @Test
    void aSilentConnectionBlocksNobodyAndIsClosed() throws Exception {
        try (ServerUnderTest server = impatient(); FakeClient silent = new FakeClient(server.port())) {
            serveOne(server);
            assertEquals(0, silent.readAll().length);
            server.awaitLog("timed out while it should send its cookie");
        }
    }

    @Test
    void aClientThatIsSilentAfterItsCookieIsClosed() throws Exception {
        try (ServerUnderTest server = impatient(); FakeClient silent = new FakeClient(server.port())) {
            silent.sendCookie();
            silent.expectState(ControlState.PARAM_EXCHANGE);
            serveOne(server);
            server.awaitLog("timed out while it should send its parameters");
        }
    }

    @Test
    void streamsThatNeverComeEndTheTest() throws Exception {
        try (ServerUnderTest server = impatient()) {
            try (FakeClient client = new FakeClient(server.port())) {
                client.greet(FakeClient.UDP);
                client.expectState(ControlState.CREATE_STREAMS);
                assertArrayEquals(new byte[] {-2, 0, 0, 0, (byte) 204, 0, 0, 0, 110}, client.readAll());
            }
            assertTrue(server.result().error().startsWith("0 of 1 streams said who they are"));
            serveOne(server);
        }
    }

    @Test
    void aClientThatSendsNoDatagramIsTimedOut() throws Exception {
        try (ServerUnderTest server = impatient()) {
            try (FakeClient client = new FakeClient(server.port())) {
                client.start();
                client.expectState(ControlState.SERVER_ERROR);
            }
            assertTrue(server.result().error().startsWith("no datagram for"));
            serveOne(server);
        }
    }

    @Test
    void aClientMayVanishAtAnyStep() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            try (FakeClient client = new FakeClient(server.port())) {
                client.greet(FakeClient.UDP);
                client.expectState(ControlState.CREATE_STREAMS);
            }
            assertEquals("the client has vanished", server.result().error());
            try (FakeClient client = new FakeClient(server.port())) {
                client.start();
                client.sendDatagram(0, 1);
            }
            assertEquals("the client has vanished", server.result().error());
            try (FakeClient client = new FakeClient(server.port())) {
                client.start();
                client.sendState(ControlState.TEST_END);
            }
            assertTrue(server.result().error().startsWith("the control connection: "));
            serveOne(server);
        }
    }

    @Test
    void aClientMayBeStopped() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            try (FakeClient client = new FakeClient(server.port())) {
                client.start();
                client.sendState(ControlState.CLIENT_TERMINATE);
                assertEquals("the client was stopped", server.result().error());
            }
            serveOne(server);
        }
    }

    @Test
    void aStateOutOfPlaceEndsTheTest() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            try (FakeClient client = new FakeClient(server.port())) {
                client.start();
                client.sendState(77);
                client.expectState(ControlState.SERVER_ERROR);
            }
            assertEquals("state 77 from the client, which has no place here", server.result().error());
            serveOne(server);
        }
    }

    @Test
    void senselessResultsEndTheTest() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            try (FakeClient client = new FakeClient(server.port())) {
                client.start();
                client.sendState(ControlState.TEST_END);
                client.expectState(ControlState.EXCHANGE_RESULTS);
                client.sendJson("{\"streams\":\"many\"}");
                client.expectState(ControlState.SERVER_ERROR);
            }
            assertTrue(server.result().error().startsWith("results: "));
            serveOne(server);
        }
    }

    @Test
    void aSecondClientIsTurnedAway() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            try (FakeClient first = new FakeClient(server.port()); FakeClient second = new FakeClient(server.port())) {
                first.start();
                second.greet(FakeClient.UDP);
                second.expectState(ControlState.ACCESS_DENIED);
            }
            assertFalse(server.result().completed());
            serveOne(server);
        }
    }

    @Test
    void closeTellsTheClientOfARunningTest() throws Exception {
        ServerUnderTest server = new ServerUnderTest();
        try (FakeClient client = new FakeClient(server.port())) {
            client.start();
            server.close();
            client.expectState(ControlState.SERVER_TERMINATE);
        }
        assertEquals("this server was stopped", server.result().error());
    }

    @Test
    void strangersDatagramsAreNotCounted() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest()) {
            try (FakeClient client = new FakeClient(server.port()); DatagramSocket stranger = new DatagramSocket()) {
                client.start();
                stranger.connect(InetAddress.getLoopbackAddress(), server.port());
                stranger.send(new DatagramPacket(new byte[64], 64));
                client.sendState(ControlState.TEST_END);
                client.expectState(ControlState.EXCHANGE_RESULTS);
                client.sendJson("{\"streams\":[]}");
                client.readJson();
            }
            assertEquals(0, server.result().total(false).received());
            server.awaitLog("1 datagrams were none of this test's");
        }
    }

    /** The seeds are fixed, so that a failure comes back. A mutated message may be good, and begin a test. */
    @Test
    void noInputStopsTheServer() throws Exception {
        try (ServerUnderTest server = impatient(Duration.ofSeconds(ServerUnderTest.PATIENCE_SECONDS))) {
            for (int seed = 0; seed < 60; seed++) {
                Random random = new Random(seed);
                try (FakeClient client = new FakeClient(server.port())) {
                    if (seed % 3 > 0) {
                        client.sendCookie();
                    }
                    client.send(seed % 3 == 2 ? mutated(random) : noise(random));
                } catch (IOException e) {
                    // the server has heard enough
                }
            }
            serveOne(server);
            server.awaitLog("its first 37 bytes are no cookie");
            server.awaitLog("must be 1 to 65536 bytes");
        }
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(4096)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] mutated(Random random) {
        byte[] json = FakeClient.UDP.getBytes();
        byte[] message = ByteBuffer.allocate(4 + json.length).putInt(json.length).put(json).array();
        for (int i = 0; i < 3; i++) {
            message[random.nextInt(message.length)] = (byte) random.nextInt(256);
        }
        return message;
    }

    @Test
    void aTakenPortIsToldInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            IOException e = assertThrows(IOException.class,
                    () -> new Iperf3Server(taken.getLocalPort(), null, new NoPaths(), line -> {}));
            assertTrue(e.getMessage().contains("port " + taken.getLocalPort() + ": Address already in use"),
                    e.getMessage());
            assertTrue(e.getMessage().contains("-p"), e.getMessage());
        }
        try (DatagramSocket taken = new DatagramSocket()) {
            IOException e = assertThrows(IOException.class,
                    () -> new Iperf3Server(taken.getLocalPort(), null, new NoPaths(), line -> {}));
            assertTrue(e.getMessage().contains("Address already in use"), e.getMessage());
        }
    }

    private static final class NoPaths implements DataPathFactory {
        @Override
        public DataPath open(InetSocketAddress bind, int blockSize) {
            throw new AssertionError("no test was begun");
        }

        @Override
        public String name() {
            return "none";
        }
    }
}
