// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A test's result as JSON, for files. Static functions; any thread. */
public final class Iperf3Json {
    private Iperf3Json() {}

    /**
     * {@return the result as one line of JSON, its newline included}
     *
     * @param result of a test
     */
    public static String line(Iperf3Result result) {
        return encode(result) + "\n";
    }

    /**
     * {@return the result as a JSON object}
     *
     * @param result of a test
     */
    public static ObjectNode encode(Iperf3Result result) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("client", result.client()).put("completed", result.completed()).put("error", result.error());
        json.put("blockSize", result.blockSize()).put("seconds", result.seconds());
        json.put("receiveBuffer", result.receiveBuffer());
        json.put("cpuUserNanos", result.cpu().userNanos()).put("cpuSystemNanos", result.cpu().systemNanos());
        PathStatistics path = result.path();
        json.putObject("path").put("datagrams", path.datagrams()).put("crossings", path.crossings())
                .put("framesPerCrossing", path.framesPerCrossing()).put("dropped", path.dropped())
                .put("sent", path.sent());
        ArrayNode streams = json.putArray("streams");
        for (Iperf3Result.Stream stream : result.streams()) {
            stream(streams.addObject(), stream, result.seconds());
        }
        for (boolean serverSends : new boolean[] {false, true}) {
            if (result.streams().stream().anyMatch(s -> s.serverSends() == serverSends)) {
                stream(json.putObject(serverSends ? "totalSent" : "totalReceived"), result.total(serverSends),
                        result.seconds());
            }
        }
        return json;
    }

    private static void stream(ObjectNode json, Iperf3Result.Stream s, double seconds) {
        json.put("id", s.id()).put("direction", s.serverSends() ? "sent" : "received");
        json.put("sent", s.sent()).put("received", s.received()).put("lost", s.lost());
        json.put("lossPercent", s.lossPercent()).put("outOfOrder", s.outOfOrder());
        json.put("jitterMillis", s.jitterSeconds() * 1e3).put("bytes", s.bytes());
        json.put("mbitPerSecond", seconds <= 0 ? 0 : s.bytes() * 8 / seconds / 1e6);
    }
}
