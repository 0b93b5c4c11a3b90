// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A client made of bytes, as the server sees it: its control connection here, its datagrams in {@link #datagrams}. The
 * input, in order:
 *
 * <ul>
 *   <li>a byte of flags: {@link #RAW} sends the parameters as all that it ever says; else cookie, lengths and the order
 *       of the messages are iperf3's;
 *   <li>two bytes of length and the parameters; the same for the results;
 *   <li>the state that ends the test: 0 stands for the right one;
 *   <li>datagrams to the end: see {@link FuzzedDatagrams}.
 * </ul>
 *
 * <p>What is not there any more is zero. The connection's watcher, a thread of its own, reads as well: it finds the end
 * of the test only after the last datagram.
 */
final class FuzzedClient extends Socket {
    /** The flag of a client that says what it wants, when it wants. */
    static final int RAW = 1;

    private static final byte[] COOKIE = "0123456789abcdefghijklmnopqrstuvwxyz\0".getBytes(StandardCharsets.US_ASCII);
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);

    private final InputStream control;
    private final FuzzedDatagrams datagrams;
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private volatile boolean closed;

    FuzzedClient(byte[] bytes) {
        ByteBuffer input = ByteBuffer.wrap(bytes);
        boolean raw = (next(input) & RAW) != 0;
        byte[] parameters = block(input);
        byte[] results = block(input);
        int end = next(input);
        datagrams = new FuzzedDatagrams(input);
        control = raw ? new ByteArrayInputStream(parameters)
                : new Control(greeting(parameters), farewell(end == 0 ? ControlState.TEST_END : end, results));
    }

    /** {@return the next byte, 0 to 255} */
    static int next(ByteBuffer input) {
        return input.hasRemaining() ? input.get() & 0xFF : 0;
    }

    /** {@return the next bytes, or as many as there are} */
    static byte[] take(ByteBuffer input, int length) {
        byte[] bytes = new byte[Math.min(length, input.remaining())];
        input.get(bytes);
        return bytes;
    }

    private static byte[] block(ByteBuffer input) {
        return take(input, next(input) << 8 | next(input));
    }

    private static byte[] greeting(byte[] parameters) {
        return ByteBuffer.allocate(COOKIE.length + Integer.BYTES + parameters.length).put(COOKIE)
                .putInt(parameters.length).put(parameters).array();
    }

    private static byte[] farewell(int state, byte[] results) {
        return ByteBuffer.allocate(2 + Integer.BYTES + results.length).put((byte) state).putInt(results.length)
                .put(results).put((byte) ControlState.IPERF_DONE).array();
    }

    /** What the client says: the second part not before it has sent all its datagrams. */
    private final class Control extends InputStream {
        private final ByteArrayInputStream before;
        private final ByteArrayInputStream after;

        Control(byte[] before, byte[] after) {
            this.before = new ByteArrayInputStream(before);
            this.after = new ByteArrayInputStream(after);
        }

        @Override
        public int read() {
            int b = before.read();
            if (b < 0) {
                datagrams.awaitLast();
                b = after.read();
            }
            return b;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            int n = before.read(into, offset, length);
            if (n < 0) {
                datagrams.awaitLast();
                n = after.read(into, offset, length);
            }
            return n;
        }
    }

    FuzzedDatagrams datagrams() {
        return datagrams;
    }

    @Override
    public InputStream getInputStream() {
        return control;
    }

    @Override
    public OutputStream getOutputStream() {
        return answers;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return ADDRESS;
    }

    @Override
    public InetAddress getInetAddress() {
        return ADDRESS.getAddress();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public void setSendBufferSize(int bytes) {}

    @Override
    public void setSoTimeout(int millis) {}

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() {
        closed = true;
        datagrams.end(); // or the watcher would wait for ever
    }

    @Override
    public boolean isClosed() {
        return closed;
    }
}
