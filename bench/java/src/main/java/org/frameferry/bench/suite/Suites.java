// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.suite;

import java.util.ArrayList;
import java.util.List;

/** What each suite runs, by level. Static functions; any thread. */
final class Suites {
    /** Every peer at batches and capacities among which its best is, ours at those that are aimed at. */
    private static final String STREAM = "^(c-to-c/frameferry/batch:(1|64)/capacity:8192/payload:0/.*"
            + "|c-to-c/(boost|ck|dpdk|moodycamel)/batch:(1|64|256)/capacity:(1024|8192)/payload:0/.*"
            + "|c-to-c/.*/batch:64/capacity:8192/payload:(64|1500)/wait:10"
            + "|round-trip/.*|ping-pong/.*)$";
    private static final double STREAM_SECONDS = 8;
    private static final double STREAM_FULL_SECONDS = 120;

    private Suites() {}

    static List<Part> parts(String suite, Level level) {
        List<Part> parts = new ArrayList<>();
        boolean full = level == Level.FULL;
        switch (suite) {
            case "stream" -> parts.add(new NativePart(suite, "stream", full ? "^(c-to-c|round-trip|ping-pong)/" : STREAM,
                    full ? STREAM_FULL_SECONDS : STREAM_SECONDS));
            case "scale" -> parts.add(new NativePart(suite, "stream", "^ring/", 1));
            default -> throw new IllegalArgumentException("there is no suite " + suite);
        }
        return parts;
    }
}
