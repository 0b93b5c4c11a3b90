// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A server for the UDP tests of the stock iperf3 client, one test at a time. It listens from construction to
 * {@link #close}. Each connection is greeted by a virtual thread of its own and takes the server's one place only when
 * its parameters are in order, so that a silent or senseless client blocks nobody. {@link #runOnce} must be called by
 * one platform thread at a time; {@link #close} may be called by any.
 */
public final class Iperf3Server implements AutoCloseable {
    private static final int MAX_PARAMETER_BYTES = 64 << 10;
    /** Connections that have not said yet what they want; more are closed at once. */
    private static final int MAX_GREETINGS = 64;
    private static final Duration ACCEPT_RETRY = Duration.ofMillis(200);
    private static final Request CLOSED = new Request(null, null);

    private record Request(ControlConnection control, TestParameters parameters) {}

    private final InetSocketAddress address;
    private final DataPathFactory paths;
    private final Consumer<String> log;
    private final Limits limits;
    private final ServerSocket listener;
    private final Semaphore greetings = new Semaphore(MAX_GREETINGS);
    private final Semaphore place = new Semaphore(1);
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private volatile boolean closed;

    /**
     * Starts to listen.
     *
     * @param port for TCP and UDP, 0: any free one
     * @param bind the local address, null: all of them, IPv6 and IPv4
     * @param paths opens a data path for each test
     * @param log takes each line of the log; called by several threads
     * @throws IOException in one line with the remedy, when the port or the address cannot be had
     */
    public Iperf3Server(int port, InetAddress bind, DataPathFactory paths, Consumer<String> log) throws IOException {
        this(port, bind, paths, log, Limits.DEFAULT);
    }

    Iperf3Server(int port, InetAddress bind, DataPathFactory paths, Consumer<String> log, Limits limits)
            throws IOException {
        this.paths = paths;
        this.log = log;
        this.limits = limits;
        InetAddress local = bind != null ? bind : Addresses.anyIpv6();
        ServerSocket socket;
        try {
            socket = listen(new InetSocketAddress(local, port));
        } catch (IOException e) {
            if (bind != null || ipv6Works()) {
                throw e;
            }
            local = Addresses.anyIpv4();
            socket = listen(new InetSocketAddress(local, port));
        }
        listener = socket;
        address = new InetSocketAddress(local, socket.getLocalPort());
        Thread.ofVirtual().name("iperf3-accept").start(this::accept);
    }

    /** Binds TCP to stay, and UDP to see whether a test could: a taken port is to be known before the first test. */
    private static ServerSocket listen(InetSocketAddress at) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(at);
            new DatagramSocket(new InetSocketAddress(at.getAddress(), socket.getLocalPort())).close();
            return socket;
        } catch (IOException e) {
            socket.close();
            String where = at.getAddress().isAnyLocalAddress() ? "port " + at.getPort() : Addresses.text(at);
            throw new IOException("cannot listen on %s: %s; %s".formatted(where, e.getMessage(), remedy(e)), e);
        }
    }

    /** The JDK passes on the system's text and no number. */
    private static String remedy(IOException e) {
        return switch (String.valueOf(e.getMessage())) {
            case "Permission denied" -> "ports below 1024 need privilege, choose a higher one with -p";
            case "Cannot assign requested address" -> "no interface of this machine has it, see ip address";
            default -> "choose another port with -p, or stop what holds it: ss -tulpn";
        };
    }

    private static boolean ipv6Works() {
        try (ServerSocket probe = new ServerSocket(0, 1, Addresses.anyIpv6())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** {@return where it listens, by TCP and by UDP} */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Waits for a client with an acceptable UDP test and serves it. Clients that were refused before are in the log
     * only; a test that was broken off is a result with an error.
     *
     * @return the result, null once the server is closed
     * @throws InterruptedException while waiting for a client
     */
    public Iperf3Result runOnce() throws InterruptedException {
        Request request = requests.take();
        if (request == CLOSED) {
            requests.add(CLOSED);
            return null;
        }
        try {
            return new Iperf3Test(request.control(), request.parameters(), address, paths, () -> closed, limits, log)
                    .run();
        } finally {
            place.release();
        }
    }

    /** Stops listening; a test that is running is broken off, and its client told. */
    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            log.accept("closing the listening socket: " + e.getMessage());
        }
        for (Request request : requests) {
            if (request != CLOSED) {
                request.control().close();
            }
        }
        requests.add(CLOSED);
    }

    private void accept() {
        while (!closed) {
            try {
                Socket socket = listener.accept();
                if (greetings.tryAcquire()) {
                    Thread.ofVirtual().name("iperf3-greet").start(() -> greet(socket));
                } else {
                    log.accept("%s: closed: %d connections wait already".formatted(
                            Addresses.text(socket.getRemoteSocketAddress()), MAX_GREETINGS));
                    socket.close();
                }
            } catch (IOException e) {
                pause(e);
            }
        }
    }

    /** Out of file descriptors, say: without a pause the loop would fill the log. */
    private void pause(IOException e) {
        if (closed) {
            return;
        }
        log.accept("cannot accept a connection: " + e.getMessage());
        try {
            Thread.sleep(ACCEPT_RETRY);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void greet(Socket socket) {
        String client = Addresses.text(socket.getRemoteSocketAddress());
        try {
            ControlConnection control = new ControlConnection(socket);
            try {
                enter(control, parameters(control, limits));
            } catch (TestFailure e) {
                log.accept(client + ": refused: " + e.getMessage());
                control.sendFailure(e);
            }
        } catch (IOException e) {
            log.accept(client + ": " + e.getMessage());
            closeQuietly(socket);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closeQuietly(socket);
        } finally {
            greetings.release();
        }
    }

    /** Greets a client, and reads what it asks for. */
    static TestParameters parameters(ControlConnection control, Limits limits) throws IOException, TestFailure {
        long deadline = Limits.deadline(limits.greeting());
        control.readCookie(deadline);
        control.sendState(ControlState.PARAM_EXCHANGE);
        return TestParameters.parse(control.readJson(MAX_PARAMETER_BYTES, "its parameters",
                ClientError.PARAMETERS, deadline));
    }

    /** Takes the one place, or turns the client away. A test that has just ended is given time to make way. */
    private void enter(ControlConnection control, TestParameters parameters) throws IOException, InterruptedException {
        if (closed || !place.tryAcquire(limits.busy().toNanos(), TimeUnit.NANOSECONDS)) {
            log.accept(control.client() + ": turned away: a test is running");
            control.sendState(ControlState.ACCESS_DENIED);
            control.closeGently();
            return;
        }
        requests.add(new Request(control, parameters));
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // a socket that cannot be closed is gone already
        }
    }
}
