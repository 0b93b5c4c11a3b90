// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What the client asks for, checked. Immutable; any thread.
 *
 * @param time seconds, 0: the client ends the test by bytes or blocks
 * @param omit seconds at the start that do not count
 * @param parallel streams each way
 * @param reverse the server sends
 * @param bidirectional both send
 * @param blockSize bytes in a datagram
 * @param bandwidth bits per second and stream that the sender keeps to, 0: as fast as it can
 * @param burst datagrams that are sent together, at least 1
 * @param counters64 datagrams are numbered by 64 bits instead of 32
 * @param serverOutput the client wants to see our log of the test
 * @param ignored names of options that were asked for and change nothing here
 */
record TestParameters(int time, int omit, int parallel, boolean reverse, boolean bidirectional, int blockSize,
        long bandwidth, int burst, boolean counters64, boolean serverOutput, List<String> ignored) {
    private static final int MAX_TIME = 86_400;
    private static final int MAX_OMIT = 600;
    private static final int MAX_STREAMS = 128;
    private static final int MAX_BURST = 1000;
    /** Seconds, microseconds and a 64-bit number. */
    private static final int MIN_BLOCK = 16;
    private static final int MAX_BLOCK = 65_507;
    private static final int DEFAULT_BLOCK = 1460;
    /** 2^53: where a JSON number stops being exact. */
    private static final long MAX_EXACT = 1L << 53;
    private static final List<String> WITHOUT_EFFECT = List.of("window", "TOS", "fqrate", "flowlabel", "dont_fragment",
            "server_affinity");

    /** Reads the client's parameters. */
    static TestParameters parse(JsonNode json) throws TestFailure {
        requireUdp(json);
        boolean reverse = flag(json, "reverse");
        boolean bidirectional = flag(json, "bidirectional");
        if (reverse && bidirectional) {
            throw new TestFailure(ClientError.REVERSE_AND_BIDIRECTIONAL,
                    "the test is reverse and bidirectional at once, must be one of them");
        }
        List<String> ignored = new ArrayList<>();
        for (String name : WITHOUT_EFFECT) {
            if (json.has(name)) {
                ignored.add(name);
            }
        }
        return new TestParameters(
                (int) number(json, "time", 0, 0, MAX_TIME, ClientError.DURATION),
                (int) number(json, "omit", 0, 0, MAX_OMIT, ClientError.OMIT),
                (int) number(json, "parallel", 1, 1, MAX_STREAMS, ClientError.STREAMS),
                reverse, bidirectional,
                (int) number(json, "len", DEFAULT_BLOCK, MIN_BLOCK, MAX_BLOCK, ClientError.BLOCK_SIZE),
                number(json, "bandwidth", 0, 0, MAX_EXACT, ClientError.PARAMETERS),
                Math.max(1, (int) number(json, "burst", 0, 0, MAX_BURST, ClientError.BURST)),
                flag(json, "udp_counters_64bit"), flag(json, "get_server_output"), List.copyOf(ignored));
    }

    private static void requireUdp(JsonNode json) throws TestFailure {
        if (flag(json, "tcp")) {
            throw new TestFailure(ClientError.NO_TCP,
                    "asks for a TCP test; this server runs UDP tests only: iperf3 -u");
        }
        if (flag(json, "sctp")) {
            throw new TestFailure(ClientError.NO_SCTP,
                    "asks for an SCTP test; this server runs UDP tests only: iperf3 -u");
        }
        if (!flag(json, "udp")) {
            throw new TestFailure(ClientError.PARAMETERS, "parameters: no protocol, \"udp\":true was expected");
        }
    }

    /** iperf3 writes flags as true, some as a number. */
    private static boolean flag(JsonNode json, String name) throws TestFailure {
        JsonNode value = json.get(name);
        if (value == null) {
            return false;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isNumber()) {
            return value.doubleValue() != 0;
        }
        throw new TestFailure(ClientError.PARAMETERS, "parameters: \"%s\" must be true or a number".formatted(name));
    }

    private static long number(JsonNode json, String name, long absent, long min, long max, ClientError error)
            throws TestFailure {
        JsonNode value = json.get(name);
        if (value == null) {
            return absent;
        }
        double d = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!(d >= min && d <= max)) {
            throw new TestFailure(error, "parameters: \"%s\" is %s, must be a number from %d to %d"
                    .formatted(name, abridged(value), min, max));
        }
        return (long) d;
    }

    private static String abridged(JsonNode value) {
        String text = value.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }

    /** Streams on which the server receives. */
    int receiving() {
        return reverse ? 0 : parallel;
    }

    /** Streams on which the server sends. */
    int sending() {
        return reverse || bidirectional ? parallel : 0;
    }
}
