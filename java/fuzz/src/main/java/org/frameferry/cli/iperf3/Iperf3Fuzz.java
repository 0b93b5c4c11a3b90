// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A whole test with a client that says and sends what the fuzzer wants, over a socket and a data path without a
 * network. Whatever comes, the server ends the test in the way that it documents: with a result, or a reason that names
 * the client. Called by Jazzer, and by a test; one thread.
 */
public final class Iperf3Fuzz {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Limits LIMITS = new Limits(LONG, LONG, LONG, LONG, LONG, LONG);

    private Iperf3Fuzz() {}

    /**
     * One client.
     *
     * @param input what it does: see {@link FuzzedClient}
     * @throws IllegalStateException if the server took it for a fault of its own
     */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzedClient client = new FuzzedClient(input);
        try (ControlConnection control = new ControlConnection(client)) {
            TestParameters parameters = Iperf3Server.parameters(control, LIMITS);
            Iperf3Result result = new Iperf3Test(control, parameters, client.datagrams().localAddress(), paths(client),
                    () -> false, LIMITS, line -> { }).run();
            Iperf3Json.line(result);
            if (result.error() != null && result.error().startsWith("the data path")) {
                throw new IllegalStateException(result.error());
            }
        } catch (TestFailure | IOException e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new IllegalStateException("refused without a reason", e);
            }
        }
        if (!client.isClosed()) {
            throw new IllegalStateException("the connection was left open");
        }
    }

    private static DataPathFactory paths(FuzzedClient client) {
        return new DataPathFactory() {
            @Override
            public DataPath open(InetSocketAddress bind, int blockSize) {
                return client.datagrams();
            }

            @Override
            public String name() {
                return "fuzzed";
            }
        };
    }
}
