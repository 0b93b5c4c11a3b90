// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of one run of a driver. What the machine itself withheld (stalled) is no loss of the driver's, and not
 * among the frames that it is judged by. Immutable; any thread.
 *
 * @param lineRate bits a second
 * @param load share of the line rate
 * @param cpu share of its time that the receiving processor was busy
 * @param costs cycles that virtual time charges, and hz
 * @param depth frames that waited, by time
 */
record DriverRun(String driver, String language, String clock, String arrivals, long lineRate, double load,
        long arrived, long delivered, long dropped, long stalled, long listDropped, long queued, double seconds,
        double cpu, long interrupts, long polls, long fullPolls, long emptyPolls, double armedSeconds,
        double pollingSeconds, Map<String, Long> costs, List<Depth> depth) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** So many frames waited then. */
    record Depth(double microseconds, long frames) {
    }

    /**
     * {@return the run that a driver has printed}
     *
     * @throws IOException if it lacks a figure, or its frames do not add up
     */
    static DriverRun parse(String text) throws IOException {
        JsonNode n;
        try {
            n = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException("a driver printed no JSON: " + e.getOriginalMessage(), e);
        }
        Map<String, Long> costs = new TreeMap<>();
        n.path("costs").properties().forEach(cost -> costs.put(cost.getKey(), cost.getValue().asLong()));
        List<Depth> depth = new ArrayList<>();
        n.path("depth").forEach(pair -> depth.add(new Depth(pair.path(0).asDouble(), pair.path(1).asLong())));
        DriverRun run = new DriverRun(word(n, "driver"), word(n, "language"), word(n, "clock"), word(n, "arrivals"),
                count(n, "lineRate"), number(n, "load"), count(n, "arrived"), count(n, "delivered"),
                count(n, "dropped"), count(n, "stalled"), count(n, "listDropped"), count(n, "queued"),
                number(n, "seconds"), number(n, "cpu"), count(n, "interrupts"), count(n, "polls"),
                count(n, "fullPolls"), count(n, "emptyPolls"), number(n, "armedSeconds"),
                number(n, "pollingSeconds"), costs, depth);
        long ended = run.delivered + run.lost() + run.stalled + run.queued + n.path("oversize").asLong();
        if (run.seconds == 0 || run.arrived != ended) {
            throw new IOException("a driver printed figures that do not add up: " + run);
        }
        return run;
    }

    private static String word(JsonNode node, String key) throws IOException {
        return field(node, key, node.path(key).isTextual()).asText();
    }

    private static long count(JsonNode node, String key) throws IOException {
        return field(node, key, node.path(key).isIntegralNumber() && node.path(key).asLong() >= 0).asLong();
    }

    private static double number(JsonNode node, String key) throws IOException {
        return field(node, key, node.path(key).isNumber() && node.path(key).asDouble() >= 0).asDouble();
    }

    private static JsonNode field(JsonNode node, String key, boolean sound) throws IOException {
        if (!sound) {
            throw new IOException("a driver printed no sound \"" + key + "\": " + node.path(key));
        }
        return node.get(key);
    }

    /** {@return the frames that the driver itself lost} */
    long lost() {
        return dropped + listDropped;
    }

    /** {@return the frames that it is judged by} */
    long judged() {
        return arrived - stalled;
    }

    /** {@return the share of the frames that it lost; NaN if the machine withheld all} */
    double loss() {
        return lost() / (double) judged();
    }

    /** {@return the share that one frame is} */
    double oneFrame() {
        return 1.0 / judged();
    }

    /** {@return frames a second} */
    double rate() {
        return delivered / seconds;
    }

    /** {@return whether it is of that kind} */
    boolean is(String whichLanguage, String whichDriver, String whichClock, String whichArrivals) {
        return language.equals(whichLanguage) && driver.equals(whichDriver) && clock.equals(whichClock)
                && arrivals.equals(whichArrivals);
    }

    /** Everything, as it was printed, and the loss. */
    void put(ObjectNode node) {
        node.put("driver", driver).put("language", language).put("clock", clock).put("arrivals", arrivals)
                .put("lineRate", lineRate).put("load", load).put("offered", arrived / seconds)
                .put("arrived", arrived).put("delivered", delivered).put("dropped", dropped)
                .put("stalled", stalled).put("listDropped", listDropped).put("queued", queued)
                .put("seconds", seconds).put("cpu", cpu).put("interrupts", interrupts).put("polls", polls)
                .put("fullPolls", fullPolls).put("emptyPolls", emptyPolls).put("armedSeconds", armedSeconds)
                .put("pollingSeconds", pollingSeconds);
        if (judged() > 0) {
            node.put("loss", loss());
        } else {
            node.putNull("loss");
        }
        ObjectNode charged = node.putObject("costs");
        costs.forEach(charged::put);
        if (!depth.isEmpty()) {
            var pairs = node.putArray("depth");
            depth.forEach(d -> pairs.addArray().add(d.microseconds).add(d.frames));
        }
    }
}
