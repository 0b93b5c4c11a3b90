// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The results that server and client exchange at the end of a test, as JSON. Static functions; any thread. */
final class ResultsMessage {
    private static final int MAX_STREAMS = 256;

    /**
     * What the client counted on one stream: its view, so "packets" are what it sent, or the highest number it saw.
     *
     * @param omittedPackets of the omitted start, -1 when the client is too old to tell
     */
    record PeerCount(long packets, long omittedPackets, long errors, long omittedErrors, double jitterSeconds) {
        /** Datagrams without the omitted start, given what we counted of it. */
        long counted(long ourOmitted) {
            return packets - (omittedPackets < 0 ? ourOmitted : omittedPackets);
        }

        long lost() {
            return errors - omittedErrors;
        }
    }

    private ResultsMessage() {}

    /** Our side. Times are the same for all streams: they share one clock and one socket. */
    static ObjectNode encode(List<StreamMeter> meters, List<StreamSender> senders, double seconds, CpuTime cpu,
            double wallSeconds, String serverOutput) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("cpu_util_total", percent(cpu.totalNanos(), wallSeconds));
        json.put("cpu_util_user", percent(cpu.userNanos(), wallSeconds));
        json.put("cpu_util_system", percent(cpu.systemNanos(), wallSeconds));
        json.put("sender_has_retransmits", senders.isEmpty() ? -1 : 0);
        if (serverOutput != null) {
            json.put("server_output_text", serverOutput);
        }
        ArrayNode streams = json.putArray("streams");
        for (StreamMeter m : meters) {
            stream(streams, m.id(), m.bytes(), m.packets(), m.omittedPackets(), seconds)
                    .put("jitter", m.jitterSeconds()).put("errors", m.errors())
                    .put("omitted_errors", m.omittedErrors());
        }
        for (StreamSender s : senders) {
            stream(streams, s.id(), s.bytes(), s.packets(), s.omittedPackets(), seconds)
                    .put("jitter", 0.0).put("errors", 0).put("omitted_errors", 0);
        }
        return json;
    }

    private static ObjectNode stream(ArrayNode streams, int id, long bytes, long packets, long omitted,
            double seconds) {
        return streams.addObject().put("id", id).put("bytes", bytes).put("retransmits", -1)
                .put("packets", packets).put("omitted_packets", omitted)
                .put("start_time", 0).put("end_time", seconds);
    }

    private static double percent(long nanos, double wallSeconds) {
        return wallSeconds <= 0 ? 0 : nanos / wallSeconds / 1e7;
    }

    /** The client's side, by stream id. */
    static Map<Integer, PeerCount> decode(JsonNode json) throws TestFailure {
        JsonNode streams = json.get("streams");
        if (streams == null || !streams.isArray() || streams.size() > MAX_STREAMS) {
            throw new TestFailure(ClientError.RESULTS,
                    "results: \"streams\" must be an array of at most %d".formatted(MAX_STREAMS));
        }
        Map<Integer, PeerCount> counts = new HashMap<>();
        for (JsonNode s : streams) {
            counts.put((int) number(s, "id", -1), new PeerCount(number(s, "packets", -1),
                    s.has("omitted_packets") ? number(s, "omitted_packets", 0) : -1, number(s, "errors", 0),
                    s.has("omitted_errors") ? number(s, "omitted_errors", 0) : 0, s.path("jitter").asDouble(0)));
        }
        return counts;
    }

    /** A count; `absent` < 0 means that it must be there. */
    private static long number(JsonNode stream, String name, long absent) throws TestFailure {
        JsonNode value = stream.get(name);
        if (value == null && absent >= 0) {
            return absent;
        }
        if (value == null || !value.isNumber()) {
            throw new TestFailure(ClientError.RESULTS, "results: \"%s\" must be a number".formatted(name));
        }
        return value.longValue();
    }
}
