// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.frameferry.Bridge;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.Udp;
import org.junit.jupiter.api.Test;

/** What the guide shows of a first batch. */
@SuppressWarnings("try") // a bridge is closed under its user
class FirstBatchTest {
    private final AtomicLong handled = new AtomicLong();

    /** In a process of its own, as it goes on for ever. */
    @Test
    void theWholeProgram() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (DatagramSocket socket = new DatagramSocket()) {
            int port = freePort();
            Process count = new ProcessBuilder(java, "--enable-native-access=ALL-UNNAMED", "-cp",
                    classes(FramePool.class) + ":" + classes(Count.class), Count.class.getName(), "" + port)
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (BufferedReader said = count.inputReader()) {
                assertEquals("0 frames", said.readLine()); // it listens
                socket.send(new DatagramPacket(new byte[5], 5, InetAddress.getLoopbackAddress(), port));
                String line = said.readLine();
                while (line.equals("0 frames")) {
                    line = said.readLine();
                }
                assertEquals("1 frames", line);
            } finally {
                count.destroyForcibly();
            }
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            return socket.getLocalPort();
        }
    }

    private static String classes(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    private void handle(MemorySegment memory, long offset, int length) {
        assertEquals(8, length);
        handled.addAndGet(1 + memory.get(JAVA_LONG_UNALIGNED, offset));
    }

    private void receive(Bridge bridge) {
        try (FrameBatch batch = bridge.newBatch(64)) {
            Duration patience = Duration.ofMillis(100);
            while (bridge.receive(batch, patience) >= 0) { // 0: nothing came in time; -1: closed and drained
                for (Frame frame : batch) {                // one cursor, used again and again
                    handle(frame.memory(), frame.offset(), frame.length());
                }
            }                                              // the next receive gives the frames back
        }
    }

    @Test
    void receivesUntilClosed() throws Exception {
        FramePool pool = FramePool.builder().frames(4096).frameSize(2048).build();
        try (Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", 0)); Datagrams datagrams = new Datagrams()) {
            CompletableFuture<Void> receiver = CompletableFuture.runAsync(() -> receive(bridge));
            datagrams.send(bridge, 100);
            while (handled.get() < 100) {
                Thread.sleep(1);
            }
            bridge.close();
            receiver.get();
        }
        Audit.close(pool);
    }

    private static long sum(Frame frame) {
        MemorySegment memory = frame.memory();
        long sum = 0;
        long end = frame.offset() + frame.length() - Long.BYTES;
        for (long at = frame.offset(); at <= end; at += Long.BYTES) {
            sum += memory.get(JAVA_LONG_UNALIGNED, at);
        }
        return sum;
    }

    @Test
    void whatIsInAFrame() {
        FramePool pool = FramePool.builder().frames(4).build();
        try (Frame frame = pool.lease()) {
            frame.put(24);
            for (int i = 0; i < 3; i++) {
                frame.memory().set(JAVA_LONG_UNALIGNED, frame.offset() + i * Long.BYTES, 7);
            }
            assertEquals(21, sum(frame));
        }
        Audit.close(pool);
    }

    @Test
    void aFrameThatOutlivesItsBatch() throws Exception {
        FramePool pool = FramePool.builder().frames(64).build();
        try (Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", 0)); Datagrams datagrams = new Datagrams();
             FrameBatch batch = bridge.newBatch(8)) {
            datagrams.send(bridge, 1);
            while (bridge.receive(batch, Duration.ofSeconds(1)) == 0) {
                datagrams.send(bridge, 1);
            }
            Frame kept = batch.detach(0);
            CompletableFuture.runAsync(() -> {
                try (kept) {
                    handle(kept.memory(), kept.offset(), kept.length());
                }
            }).get();
            batch.release();
            assertEquals(1, handled.get());
        }
        Audit.close(pool);
    }
}
