// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/**
 * iperf3's control connection, server side: a cookie, one-byte states, JSON with its length before it. Every read has
 * a deadline and a limit, and what is written fits into the socket's buffer, so that no client can make us wait for
 * ever. Used by one thread at a time; {@link #event} and {@link #close} may be called by any.
 */
final class ControlConnection implements AutoCloseable {
    /** {@link #event}: the client has said nothing yet. */
    static final int NO_EVENT = Integer.MIN_VALUE;
    /** {@link #event}: the client has gone. */
    static final int GONE = Integer.MIN_VALUE + 1;

    private static final int COOKIE_BYTES = 37;
    /** Above the longest answer, so that a client that does not read it cannot block us. */
    private static final int SEND_BUFFER = 256 << 10;
    private static final int LINGER_BYTES = 256 << 10;
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int MAX_DEPTH = 32;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build()).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String client;
    private volatile int event = NO_EVENT;
    private Thread watcher;

    ControlConnection(Socket socket) throws IOException {
        this.socket = socket;
        client = Addresses.text(socket.getRemoteSocketAddress());
        socket.setTcpNoDelay(true);
        socket.setSendBufferSize(SEND_BUFFER);
        socket.setKeepAlive(true);
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 10);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 5);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
        }
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** The client's address. */
    InetAddress host() {
        return socket.getInetAddress();
    }

    /** The client's address and port. */
    String client() {
        return client;
    }

    /** Reads the 37 bytes that begin every connection: 36 visible characters and a zero. */
    void readCookie(long deadline) throws IOException, TestFailure {
        byte[] cookie = new byte[COOKIE_BYTES];
        read(cookie, "its cookie", deadline);
        boolean valid = cookie[COOKIE_BYTES - 1] == 0;
        for (int i = 0; i < COOKIE_BYTES - 1; i++) {
            valid &= cookie[i] > ' ' && cookie[i] < 0x7f;
        }
        if (!valid) {
            throw new TestFailure(ClientError.COOKIE, "not an iperf3 client: its first 37 bytes are no cookie");
        }
    }

    /** Reads a state byte. */
    int readState(long deadline) throws IOException {
        byte[] state = new byte[1];
        read(state, "a state", deadline);
        return state[0];
    }

    /** Reads a JSON object of at most `limit` bytes. */
    JsonNode readJson(int limit, String what, ClientError error, long deadline) throws IOException, TestFailure {
        byte[] head = new byte[Integer.BYTES];
        read(head, what, deadline);
        int length = ByteBuffer.wrap(head).getInt();
        if (length <= 0 || length > limit) {
            throw new TestFailure(error, "%s: length %d, must be 1 to %d bytes"
                    .formatted(what, Integer.toUnsignedLong(length), limit));
        }
        byte[] text = new byte[length];
        read(text, what, deadline);
        try {
            JsonNode node = JSON.readTree(text);
            if (!node.isObject()) {
                throw new TestFailure(error, what + ": a JSON object was expected");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new TestFailure(error, what + ": " + firstLine(e.getOriginalMessage()));
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("not JSON");
    }

    private void read(byte[] into, String what, long deadline) throws IOException {
        int have = 0;
        while (have < into.length) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("timed out while it should send " + what);
            }
            socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
            int n;
            try {
                n = in.read(into, have, into.length - have);
            } catch (SocketTimeoutException e) {
                continue;
            }
            if (n < 0) {
                throw new EOFException("closed the connection when it should send " + what);
            }
            have += n;
        }
    }

    void sendState(int state) throws IOException {
        out.write(state);
    }

    void sendJson(JsonNode node) throws IOException {
        byte[] text = JSON.writeValueAsBytes(node);
        out.write(ByteBuffer.allocate(Integer.BYTES + text.length).putInt(text.length).put(text).array());
    }

    /** Tells the client why there is no test, if there is something to tell; it may have gone. Then closes. */
    void sendFailure(TestFailure failure) {
        if (failure.error() == ClientError.NOTHING) {
            close();
            return;
        }
        try {
            out.write(ByteBuffer.allocate(1 + 2 * Integer.BYTES).put((byte) ControlState.SERVER_ERROR)
                    .putInt(failure.error().number()).putInt(failure.error().errno()).array());
            closeGently();
        } catch (IOException e) {
            close(); // nobody is left to tell
        }
    }

    /**
     * Starts to watch for the client's next state, which {@link #event} then returns. Until then nothing else may be
     * read. The watcher is a virtual thread: it ends with the byte or with the connection.
     */
    void watch() throws IOException {
        socket.setSoTimeout(0);
        event = NO_EVENT;
        watcher = Thread.ofVirtual().name("iperf3-watch").start(() -> {
            int next;
            try {
                int b = in.read();
                next = b < 0 ? GONE : (byte) b;
            } catch (IOException e) {
                next = GONE;
            }
            event = next;
        });
    }

    /** What the client said: {@link #NO_EVENT}, {@link #GONE} or a state. Any thread. */
    int event() {
        return event;
    }

    /** Closes when the client has closed, or after a second: at once, unread input would wipe out our last words. */
    void closeGently() {
        try {
            socket.shutdownOutput();
            if (watcher == null || watcher.join(LINGER)) {
                readOut(); // not beside the watcher: it would hold us up for as long as the client is silent
            }
        } catch (IOException e) {
            // the client has gone or lingers: either way we close
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    private void readOut() throws IOException {
        byte[] rest = new byte[4096];
        long deadline = Limits.deadline(LINGER);
        socket.setSoTimeout((int) LINGER.toMillis());
        for (int total = 0, n = 0; n >= 0 && total < LINGER_BYTES && System.nanoTime() < deadline; total += n) {
            n = in.read(rest);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // a socket that cannot be closed is gone already
        }
    }
}
