// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.frameferry.cli.iperf3.DataPath;
import org.frameferry.cli.iperf3.DataPathFactory;

/** Listens without any talk: counts what comes until it is told that the sender has ended. */
final class PlainListener implements Listener {
    private static final Duration PATIENCE = Duration.ofMillis(20);
    /** When nothing has come for so long after the sender's end, nothing will. */
    private static final Duration GRACE = Duration.ofMillis(100);

    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final CompletableFuture<Counted> counted = new CompletableFuture<>();
    private volatile boolean stop;
    private long received;

    PlainListener(DataPathFactory paths) {
        Thread.ofPlatform().daemon().name("ferry-demo-" + paths.name()).start(() -> run(paths));
    }

    private void run(DataPathFactory paths) {
        DataPath.Sink sink = (memory, addressOffset, offset, length, arrivalNanos) -> received++;
        Counted result;
        try (DataPath path = paths.open(freeAddress(), Demo.DATAGRAM_BYTES)) {
            port.complete(path.localAddress().getPort());
            while (!stop) {
                path.receive(sink, PATIENCE);
            }
            while (path.receive(sink, GRACE) > 0) {
                continue; // late is not lost
            }
            result = new Counted(received, path.statistics(), path.receiveBuffer());
        } catch (IOException | RuntimeException | Error e) {
            port.completeExceptionally(e);
            counted.completeExceptionally(e);
            return;
        }
        counted.complete(result);
    }

    /** Chosen here, since a path in another process does not tell which port it got. */
    private static InetSocketAddress freeAddress() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(Demo.HOST, 0))) {
            return new InetSocketAddress(Demo.HOST, socket.getLocalPort());
        }
    }

    @Override
    public int port() {
        return get(port);
    }

    @Override
    public Counted finish() {
        stop = true;
        return get(counted);
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw new DemoFailure("the receiver broke off: " + e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void close() {
        stop = true;
    }
}
