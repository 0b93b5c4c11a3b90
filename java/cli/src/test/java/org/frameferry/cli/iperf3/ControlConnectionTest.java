// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The codec of the control connection over a real socket. */
class ControlConnectionTest {
    private static final int LIMIT = 1024;

    private Socket client;
    private ControlConnection control;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            client = new Socket(listener.getInetAddress(), listener.getLocalPort());
            control = new ControlConnection(listener.accept());
        }
    }

    @AfterEach
    void disconnect() throws IOException {
        control.close();
        client.close();
    }

    private static long deadline() {
        return Limits.deadline(Duration.ofSeconds(10));
    }

    private void send(byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
    }

    private void sendJson(int length, String text) throws IOException {
        send(ByteBuffer.allocate(4).putInt(length).array());
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    private String refusal(int length, String text) throws IOException {
        sendJson(length, text);
        TestFailure failure = assertThrows(TestFailure.class,
                () -> control.readJson(LIMIT, "its parameters", ClientError.PARAMETERS, deadline()));
        assertEquals(ClientError.PARAMETERS, failure.error());
        return failure.getMessage();
    }

    @Test
    void aCookieIs36VisibleCharactersAndAZero() throws Exception {
        send(("a".repeat(36) + "\0").getBytes(StandardCharsets.US_ASCII));
        control.readCookie(deadline());
        send("b".repeat(37).getBytes(StandardCharsets.US_ASCII));
        assertThrows(TestFailure.class, () -> control.readCookie(deadline()));
        send(new byte[37]);
        assertThrows(TestFailure.class, () -> control.readCookie(deadline()));
        send("GET / HTTP/1.1\r\nHost: frameferry\r\n\r\n\0".getBytes(StandardCharsets.US_ASCII));
        assertThrows(TestFailure.class, () -> control.readCookie(deadline()));
    }

    @Test
    void jsonHasItsLengthBeforeIt() throws Exception {
        sendJson(7, "{\"a\":1}");
        assertEquals(1, control.readJson(LIMIT, "it", ClientError.PARAMETERS, deadline()).get("a").asInt());
        String longest = "{\"a\":\"" + "x".repeat(LIMIT - 8) + "\"}";
        sendJson(LIMIT, longest);
        String value = control.readJson(LIMIT, "it", ClientError.PARAMETERS, deadline()).get("a").asText();
        assertEquals(LIMIT - 8, value.length());
    }

    @Test
    void lengthsOutOfRangeAreRefusedUnread() throws Exception {
        assertEquals("its parameters: length 0, must be 1 to 1024 bytes", refusal(0, ""));
        assertEquals("its parameters: length 1025, must be 1 to 1024 bytes", refusal(LIMIT + 1, ""));
        assertEquals("its parameters: length 4294967295, must be 1 to 1024 bytes", refusal(-1, ""));
        assertEquals("its parameters: length 2147483647, must be 1 to 1024 bytes", refusal(Integer.MAX_VALUE, ""));
        assertEquals("its parameters: length 2147483648, must be 1 to 1024 bytes", refusal(Integer.MIN_VALUE, ""));
    }

    @Test
    void whatIsNoObjectIsRefused() throws Exception {
        for (String text : new String[] {"{", "{\"a\":}", "[1]", "7", "null", "\"x\"", "{} {}", "\0\0", " ",
            "[".repeat(500), "{\"a\":".repeat(100) + "1" + "}".repeat(100), "{\"a\":" + "9".repeat(1010) + "}"}) {
            assertTrue(refusal(text.length(), text).startsWith("its parameters: "), text);
        }
    }

    @Test
    void aTruncatedMessageIsAClosedConnection() throws Exception {
        sendJson(100, "{\"a\":1");
        client.shutdownOutput();
        EOFException e = assertThrows(EOFException.class,
                () -> control.readJson(LIMIT, "its parameters", ClientError.PARAMETERS, deadline()));
        assertEquals("closed the connection when it should send its parameters", e.getMessage());
    }

    @Test
    void theDeadlineIsForTheWholeMessage() throws Exception {
        Thread dripping = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    send(new byte[] {'a'});
                    Thread.sleep(10);
                }
            } catch (IOException | InterruptedException e) {
                // the test is over
            }
        });
        assertThrows(SocketTimeoutException.class, () -> control.readCookie(Limits.deadline(Duration.ofMillis(100))));
        dripping.interrupt();
        dripping.join();
    }

    @Test
    void aFailureIsAStateAndTwoNumbers() throws Exception {
        Thread reader = Thread.ofVirtual().start(
                () -> control.sendFailure(new TestFailure(ClientError.NO_TCP, "asks for a TCP test")));
        assertArrayEquals(new byte[] {-2, 0, 0, 0, 101, 0, 0, 0, 93}, client.getInputStream().readAllBytes());
        client.close();
        reader.join();
    }

    @Test
    void theWatcherSeesAStateOrTheEnd() throws Exception {
        control.watch();
        assertEquals(ControlConnection.NO_EVENT, control.event());
        send(new byte[] {ControlState.TEST_END});
        awaitEvent(ControlState.TEST_END);
        control.watch();
        send(new byte[] {ControlState.ACCESS_DENIED});
        awaitEvent(ControlState.ACCESS_DENIED);
        control.watch();
        client.close();
        awaitEvent(ControlConnection.GONE);
    }

    private void awaitEvent(int expected) throws InterruptedException {
        while (control.event() == ControlConnection.NO_EVENT) {
            Thread.sleep(1);
        }
        assertEquals(expected, control.event());
    }
}
