// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;
import org.frameferry.bench.JmhJson;
import org.frameferry.bench.chapter18.Claim.Line;
import org.frameferry.bench.chapter18.Claim.Side;

/** The report for programs. Static functions; any thread. */
final class ReportJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportJson() {}

    static String text(Report report) {
        ObjectNode root = JSON.createObjectNode();
        JmhJson.put(root, report.machine());
        ArrayNode claims = root.putArray("claims");
        report.claims().forEach(claim -> put(claims.addObject(), claim));
        ArrayNode sweep = root.putArray("sweep");
        Stream.of(report.sweep(), report.rates(), report.depth()).flatMap(runs -> runs.stream())
                .forEach(run -> run.put(sweep.addObject()));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + System.lineSeparator();
        } catch (JsonProcessingException e) {
            throw new AssertionError("a tree of JSON can be written", e);
        }
    }

    private static void put(ObjectNode node, Claim claim) {
        Chapter chapter = claim.chapter();
        node.put("id", claim.id()).put("chapterRatio", chapter.ratio());
        put(node, "measuredRatio", claim.head());
        put(node, claim.head());
        node.put("workload", chapter.workload());
        node.putObject("chapter").put("baseline", chapter.baseline()).put("improved", chapter.improved())
                .put("unit", chapter.unit());
        ArrayNode more = node.putArray("more");
        claim.lines().stream().skip(1).forEach(line -> {
            ObjectNode entry = more.addObject().put("title", line.title());
            put(entry, "ratio", line);
            put(entry, line);
        });
        ArrayNode notes = node.putArray("notes");
        claim.notes().forEach(notes::add);
    }

    private static void put(ObjectNode node, String key, Line line) {
        if (line.ratio().known()) {
            node.put(key, line.ratio().times());
        } else {
            node.putNull(key);
        }
        node.put("atLeast", line.ratio().atLeast());
    }

    private static void put(ObjectNode node, Line line) {
        put(node.putObject("baseline"), line.baseline());
        put(node.putObject("improved"), line.improved());
        node.put("unit", line.unit());
        ArrayNode goals = node.putArray("goals");
        for (Goal goal : line.goals()) {
            ObjectNode entry = goals.addObject().put("goal", goal.text());
            switch (goal.verdict()) {
                case MET -> entry.put("met", true);
                case MISSED -> entry.put("met", false);
                case UNKNOWN -> entry.putNull("met");
            }
            entry.put("shortBy", goal.shortBy());
        }
    }

    private static void put(ObjectNode node, Side side) {
        node.put("name", side.name());
        ArrayNode rounds = JSON.createArrayNode();
        if (side.figure() == null) {
            node.putNull("value");
        } else {
            node.put("value", side.figure().median());
            side.figure().turns().forEach(rounds::add);
        }
        node.set("rounds", rounds);
        side.more().forEach(node::put);
    }
}
