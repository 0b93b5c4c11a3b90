// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that speaks iperf3's protocol step by step, so that a test can break it at any of them. */
final class FakeClient implements AutoCloseable {
    static final String UDP = "{\"udp\":true,\"time\":1,\"len\":64,\"parallel\":1}";

    private final int port;
    private final Socket control;
    private final DataInputStream in;
    private final OutputStream out;
    private final List<DatagramSocket> streams = new ArrayList<>();

    FakeClient(int port) throws IOException {
        this.port = port;
        control = new Socket(InetAddress.getLoopbackAddress(), port);
        control.setSoTimeout(ServerUnderTest.PATIENCE_SECONDS * 1000);
        in = new DataInputStream(control.getInputStream());
        out = control.getOutputStream();
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    void sendState(int state) throws IOException {
        out.write(state);
    }

    void sendCookie() throws IOException {
        send("0123456789abcdefghijklmnopqrstuvwxyz\0".getBytes(StandardCharsets.US_ASCII));
    }

    void sendJson(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array());
    }

    void expectState(int state) throws IOException {
        assertEquals(state, in.readByte());
    }

    String readJson() throws IOException {
        byte[] text = new byte[in.readInt()];
        in.readFully(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** The rest of what the server has to say, and nothing if it resets the connection. */
    byte[] readAll() {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            return new byte[0];
        }
    }

    /** Cookie and parameters, up to the server's answer. */
    void greet(String parameters) throws IOException {
        sendCookie();
        expectState(ControlState.PARAM_EXCHANGE);
        sendJson(parameters);
    }

    /** Opens a stream and waits for the answer. */
    void openStream() throws IOException {
        DatagramSocket stream = new DatagramSocket();
        streams.add(stream);
        stream.connect(InetAddress.getLoopbackAddress(), port);
        stream.setSoTimeout(ServerUnderTest.PATIENCE_SECONDS * 1000);
        stream.send(new DatagramPacket(new byte[] {0x39, 0x38, 0x37, 0x36}, 4));
        DatagramPacket reply = new DatagramPacket(new byte[64], 64);
        stream.receive(reply);
        assertEquals("6789", new String(reply.getData(), 0, reply.getLength(), StandardCharsets.US_ASCII));
    }

    /** Everything up to a running test of one stream. */
    void start() throws IOException {
        greet(UDP);
        expectState(ControlState.CREATE_STREAMS);
        openStream();
        expectState(ControlState.TEST_START);
        expectState(ControlState.TEST_RUNNING);
    }

    /** Sends a datagram of 64 bytes on a stream. */
    void sendDatagram(int stream, int number) throws IOException {
        byte[] data = ByteBuffer.allocate(64).putInt(1).putInt(number).putInt(number).array();
        streams.get(stream).send(new DatagramPacket(data, data.length));
    }

    @Override
    public void close() throws IOException {
        streams.forEach(DatagramSocket::close);
        control.close();
    }
}
