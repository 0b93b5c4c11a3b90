// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The stock iperf3 client, as fast as it goes with 64-byte datagrams. One thread. */
final class Iperf3Sender implements Sender {
    /** What the client may take beyond the test itself, to connect and to exchange results. */
    private static final int OVERTIME_SECONDS = 30;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@return what iperf3 on this machine says it is, empty if there is none} */
    static Optional<String> version() {
        return Programs.firstLine(Run.IPERF3, "--version");
    }

    @Override
    public String name() {
        return "iperf3 -u -b 0 -l " + Demo.DATAGRAM_BYTES;
    }

    @Override
    public boolean speaksIperf3() {
        return true;
    }

    @Override
    public Sent send(int port, int seconds, Runnable second) {
        try (Child client = new Child(List.of(Run.IPERF3, "-c", Demo.HOST, "-p", "" + port, "-u", "-b", "0", "-l",
                "" + Demo.DATAGRAM_BYTES, "-t", "" + seconds, "-J"), null)) {
            client.await(Duration.ofSeconds(seconds + OVERTIME_SECONDS), second);
            return parse(client.output());
        }
    }

    /** Reads what iperf3 -J prints: the sender's own count, and what the receiver told it. */
    static Sent parse(String text) {
        try {
            JsonNode root = JSON.readTree(text);
            if (root.hasNonNull("error")) {
                throw new DemoFailure("the iperf3 client gave up: " + root.get("error").asText());
            }
            JsonNode end = root.path("end");
            JsonNode sent = end.path("streams").path(0).path("udp");
            JsonNode received = end.path("sum_received");
            if (!sent.hasNonNull("packets") || !received.hasNonNull("bytes")) {
                throw new DemoFailure("the iperf3 client told no figures");
            }
            return new Sent(sent.get("packets").asLong(), sent.path("seconds").asDouble(),
                    received.get("bytes").asLong() / Demo.DATAGRAM_BYTES);
        } catch (JsonProcessingException e) {
            throw new DemoFailure("what the iperf3 client printed is no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
