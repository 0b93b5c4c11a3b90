// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;

/**
 * `iperf3 -s` as it comes, a new process for each test, since between two tests it does not listen for a moment. One
 * thread.
 */
record StockIperf3(long receiveBuffer) implements Receiver {
    private static final Duration START = Duration.ofSeconds(10);
    /** It reads one datagram a system call. */
    private static final double FRAMES_PER_CALL = 1;

    @Override
    public String name() {
        return Run.IPERF3;
    }

    @Override
    public String about() {
        return "iperf3 -s as it comes: a system call for each datagram, the default receive buffer";
    }

    @Override
    public Run measure(Sender sender, int seconds, Runnable second) {
        int port = freePort();
        try (Child server = new Child(List.of(Run.IPERF3, "-s", "-B", Demo.HOST, "-p", "" + port, "--forceflush"),
                "Server listening")) {
            server.awaitReady(START);
            long before = ProcessClock.cpuNanos(server.pid());
            Sender.Sent sent = sender.send(port, seconds, second);
            long after = ProcessClock.cpuNanos(server.pid());
            if (after < 0) {
                throw new DemoFailure("iperf3 -s ended before its time: " + server.lastWords());
            }
            return new Run(name(), sent.datagrams(), sent.received(), sent.seconds(), after - before, FRAMES_PER_CALL,
                    receiveBuffer);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(Demo.HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new DemoFailure("no free port on " + Demo.HOST + ": " + e.getMessage(), e);
        }
    }
}
