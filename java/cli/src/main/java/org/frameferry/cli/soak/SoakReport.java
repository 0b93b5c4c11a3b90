// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A soak for people, and for programs. Static functions; any thread. */
final class SoakReport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROW = "  %-24s%18s%15s%13s%12s%11s%11s";
    private static final double MIB = 1 << 20;

    private SoakReport() {}

    /**
     * {@return the line of a second}
     *
     * @param before frames of each part a second ago
     * @param now ... and now
     */
    static String second(long second, List<Part> parts, long[] before, long[] now, Health health) {
        Map<String, Long> byKind = new LinkedHashMap<>();
        long frames = 0;
        long rate = 0;
        for (int i = 0; i < now.length; i++) {
            byKind.merge(parts.get(i).kind(), now[i] - before[i], Long::sum);
            frames += now[i];
            rate += now[i] - before[i];
        }
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%6d s%,18d frames%8.2f M/s ", second, frames,
                rate / 1e6));
        for (Map.Entry<String, Long> kind : byKind.entrySet()) {
            line.append(String.format(Locale.ROOT, "  %s %.1f %%", kind.getKey(),
                    rate == 0 ? 0 : 100.0 * kind.getValue() / rate));
        }
        return line.append(String.format(Locale.ROOT, "  RSS %.0f MiB", health.resident() / MIB)).toString();
    }

    /** {@return the table} */
    static List<String> table(SoakResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(ROW.formatted("", "frames", "dropped", "unaccounted", "duplicated", "reordered", "corrupted"));
        result.parts().forEach((part, tally) -> lines.add(row(part, tally)));
        lines.add("  " + "-".repeat(lines.getFirst().length() - 2));
        lines.add(row("all", result.all()));
        lines.add(String.format(Locale.ROOT, "  %.0f s, %,.0f frames a second; leaked: %,d frames", result.seconds(),
                result.all().frames() / result.seconds(), result.leaked()));
        lines.add(String.format(Locale.ROOT,
                "  after the warm-up: %.2f bytes allocated a frame, %,d garbage collections, RSS %+.1f MiB (now %.1f)",
                result.bytesPerFrame(), result.grown().collections(), result.grown().resident() / MIB,
                result.resident() / MIB));
        result.failures().forEach(failure -> lines.add("  failed: " + failure));
        lines.add(result.isClean() ? "  every frame is accounted for, came once, in order and unchanged"
                : "  NOT CLEAN: please report it, with this table");
        return lines;
    }

    private static String row(String name, Tally t) {
        return ROW.formatted(name, number(t.frames()), number(t.dropped()), number(t.unaccounted()),
                number(t.duplicated()), number(t.reordered()), number(t.corrupted()));
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** {@return the figures as a JSON document} */
    static String json(SoakResult result) {
        ObjectNode root = JSON.createObjectNode().put("seconds", result.seconds()).put("clean", result.isClean());
        put(root.putObject("all"), result.all()).put("leaked", result.leaked())
                .put("allocatedBytesPerFrame", result.bytesPerFrame())
                .put("collections", result.grown().collections()).put("residentBytes", result.resident())
                .put("residentGrowth", result.grown().resident());
        ObjectNode parts = root.putObject("parts");
        result.parts().forEach((part, tally) -> put(parts.putObject(part), tally));
        ArrayNode failures = root.putArray("failures");
        result.failures().forEach(failures::add);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + System.lineSeparator();
        } catch (JsonProcessingException e) {
            throw new AssertionError("a tree of text and numbers can always be written", e);
        }
    }

    private static ObjectNode put(ObjectNode node, Tally t) {
        return node.put("frames", t.frames()).put("dropped", t.dropped()).put("unaccounted", t.unaccounted())
                .put("duplicated", t.duplicated()).put("reordered", t.reordered()).put("corrupted", t.corrupted());
    }
}
