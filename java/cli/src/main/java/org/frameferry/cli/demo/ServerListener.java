// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.frameferry.cli.iperf3.DataPathFactory;
import org.frameferry.cli.iperf3.Iperf3Result;
import org.frameferry.cli.iperf3.Iperf3Server;

/** Listens as an iperf3 server for one test. */
final class ServerListener implements Listener {
    private static final int END_SECONDS = 30;

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final Iperf3Server server;
    private final CompletableFuture<Iperf3Result> result = new CompletableFuture<>();

    ServerListener(DataPathFactory paths) {
        try {
            server = new Iperf3Server(0, InetAddress.getByName(Demo.HOST), paths, log::add);
        } catch (IOException e) {
            throw new DemoFailure(e.getMessage(), e);
        }
        Thread.ofPlatform().daemon().name("ferry-demo-" + paths.name()).start(this::serve);
    }

    private void serve() {
        try {
            result.complete(server.runOnce());
        } catch (InterruptedException | RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    @Override
    public int port() {
        return server.address().getPort();
    }

    @Override
    public Counted finish() {
        Iperf3Result r = await();
        if (r == null || !r.completed()) {
            throw new DemoFailure(r != null ? r.error() : log.isEmpty() ? "no client came" : log.getLast());
        }
        return new Counted(r.total(false).received(), r.path(), r.receiveBuffer());
    }

    private Iperf3Result await() {
        try {
            return result.get(END_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new DemoFailure("the receiver broke off: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new DemoFailure("the receiver did not end within " + END_SECONDS + " s of the sender", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted", e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
