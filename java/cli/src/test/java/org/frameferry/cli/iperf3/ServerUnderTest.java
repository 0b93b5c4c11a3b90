// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.frameferry.Bridge;
import org.frameferry.PoolAudit;

/**
 * A server on a free port with Frameferry's data path, serving on a thread of its own. Its close checks that every
 * data path that was opened has been closed with all its frames accounted for.
 */
final class ServerUnderTest implements AutoCloseable {
    /** Long enough for any machine: a test that waits so long has failed. */
    static final int PATIENCE_SECONDS = 30;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<FrameferryDataPath> opened = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Iperf3Result> results = new LinkedBlockingQueue<>();
    private final Iperf3Server server;
    private final Thread thread;
    private volatile Throwable broken;

    ServerUnderTest() throws IOException {
        this(new FrameferryDataPath.Settings(Bridge.Mode.INLINE, Bridge.Crossing.BATCHED, 64, 8 << 20, true),
                Limits.DEFAULT);
    }

    ServerUnderTest(FrameferryDataPath.Settings settings, Limits limits) throws IOException {
        DataPathFactory paths = FrameferryDataPath.factory(settings);
        server = new Iperf3Server(0, null, new DataPathFactory() {
            @Override
            public DataPath open(InetSocketAddress bind, int blockSize) {
                DataPath path = paths.open(bind, blockSize);
                opened.add((FrameferryDataPath) path);
                return path;
            }

            @Override
            public String name() {
                return paths.name();
            }
        }, log::add, limits);
        thread = Thread.ofPlatform().name("server-under-test").start(this::serve);
    }

    private void serve() {
        try {
            for (Iperf3Result result = server.runOnce(); result != null; result = server.runOnce()) {
                results.add(result);
            }
        } catch (Throwable e) {
            broken = e;
        }
    }

    int port() {
        return server.address().getPort();
    }

    /** Waits for the next test to end. */
    Iperf3Result result() throws InterruptedException {
        Iperf3Result result = results.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertNotNull(result, () -> "no test ended; the log: " + log);
        return result;
    }

    /** Waits until a line of the log contains a text. */
    void awaitLog(String part) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (log.stream().noneMatch(line -> line.contains(part))) {
            assertTrue(System.nanoTime() < deadline, () -> "no line with \"" + part + "\" in " + log);
            Thread.sleep(5);
        }
    }

    List<String> log() {
        return log;
    }

    @Override
    public void close() {
        server.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError("the test was given up", e);
        }
        assertEquals(null, broken);
        for (FrameferryDataPath path : opened) {
            PoolAudit audit = path.audit();
            assertNotNull(audit, "a data path was left open");
            assertTrue(audit.sound(), audit::toString);
            assertEquals(0, audit.leased(), audit::toString);
        }
    }
}
