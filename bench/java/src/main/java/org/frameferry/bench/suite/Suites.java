// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.frameferry.bench.JmhRounds;
import org.frameferry.bench.JmhRounds.Pace;
import org.frameferry.bench.JmhRounds.Pass;
import org.frameferry.bench.stream.LatencyProfiler;
import org.frameferry.bench.stream.PlacementProfiler;
import org.openjdk.jmh.profile.Profiler;

/** What each suite runs, by level. Static functions; any thread. */
final class Suites {
    /** Every peer at batches and capacities among which its best is, ours at those that are aimed at. */
    private static final String STREAM = "^(c-to-c/frameferry/batch:(1|64)/capacity:8192/payload:8/.*"
            + "|c-to-c/frameferry-held/batch:1/capacity:8192/payload:8/.*"
            + "|c-to-c/(boost|ck|dpdk|moodycamel)/batch:(1|64|256|512)/capacity:(1024|8192)/payload:8/.*"
            + "|c-to-c/[a-z]*/batch:64/capacity:8192/payload:(64|1500)/wait:10|c-round-trip)/";
    private static final Pace SHORT = new Pace(3, 150, 3, 100);
    private static final Pace LONG = new Pace(4, 300, 5, 200);
    private static final double STREAM_SECONDS = 12;
    private static final double STREAM_FULL_SECONDS = 180;
    private static final double SCALE_SECONDS = 3;

    private static final List<String> BATCHES = IntStream.rangeClosed(0, 9).mapToObj(i -> Integer.toString(1 << i))
            .toList();
    private static final List<String> PAYLOADS = List.of("64", "256", "1500", "9000");
    private static final List<String> CAPACITIES = List.of("1024", "8192");
    private static final List<String> VIRTUAL = List.of("-Djmh.executor=VIRTUAL");
    private static final String DESCRIPTORS = "(Enqueue|EnqueueWritten)\\..*";
    private static final int MECHANISMS = 8;
    private static final String STREAMS = "(CToC|JavaToC|CToJava|JavaToJava)\\..*";
    private static final String ROUND_TRIPS = "(JavaRoundTrip|JavaCRoundTrip)\\..*";
    private static final int STREAM_KINDS = 13;
    private static final String FOREIGN_QUEUES = "JavaToJava\\.(jctools|agronaQueue|agronaRing|disruptor"
            + "|arrayBlockingQueue)";

    private Suites() {}

    static List<Part> parts(String suite, Level level) {
        return switch (suite) {
            case "crossing" -> crossing(level);
            case "stream" -> List.of(new NativePart(suite, "stream",
                    level == Level.FULL ? "^c-(to-c|round-trip)/" : STREAM,
                    level == Level.FULL ? STREAM_FULL_SECONDS : STREAM_SECONDS), javaStreams(level));
            case "job" -> List.of(new JobPart(level == Level.QUICK ? 1 : 2));
            case "scale" -> List.of(new NativePart(suite, "stream", "^(ring|pool)/", SCALE_SECONDS),
                    new NativePart(suite, "scale", ".", SCALE_SECONDS));
            default -> throw new IllegalArgumentException("there is no suite " + suite);
        };
    }

    private static List<Part> crossing(Level level) {
        List<Part> parts = new ArrayList<>();
        List<String> batches = level == Level.QUICK ? List.of("1", "64") : BATCHES;
        parts.add(crossing(batches, "platform", List.of()));
        if (level == Level.FULL) {
            parts.add(crossing(batches, "virtual", VIRTUAL));
        }
        return parts;
    }

    private static Part crossing(List<String> batches, String thread, List<String> flags) {
        Map<String, List<String>> kind = Map.of("thread", List.of(thread));
        // Short at every level: a call takes the same time every time.
        return jmh("crossing", SHORT, flags, List.of(), List.of(new Pass("Empty\\..*", kind, 5, 1),
                new Pass(DESCRIPTORS, Map.of("thread", List.of(thread), "batch", batches),
                        2 * MECHANISMS * batches.size(), 1)));
    }

    /** At the full level, descriptors by every batch through small and large queues, payloads by the batches that matter. */
    private static Part javaStreams(Level level) {
        Pass roundTrips = new Pass(ROUND_TRIPS, Map.of(), 10, 1);
        List<Pass> passes = level == Level.FULL
                ? List.of(new Pass(STREAMS, Map.of("batch", BATCHES, "capacity", CAPACITIES),
                        STREAM_KINDS * BATCHES.size() * CAPACITIES.size(), 1),
                        new Pass(STREAMS, Map.of("batch", List.of("64", "256"), "payload", PAYLOADS),
                                STREAM_KINDS * 2 * PAYLOADS.size(), 1), roundTrips)
                : List.of(new Pass("(CToC|JavaToC|CToJava)\\..*|JavaToJava\\.frameferry.*",
                        Map.of("batch", List.of("64"), "payload", List.of("8", "64", "1500")), 24, 1),
                        new Pass(FOREIGN_QUEUES, Map.of("batch", List.of("1", "64", "256")), 15, 1), roundTrips);
        return jmh("stream", level == Level.QUICK ? SHORT : LONG, List.of(),
                List.of(PlacementProfiler.class, LatencyProfiler.class), passes);
    }

    private static Part jmh(String suite, Pace pace, List<String> flags, List<Class<? extends Profiler>> profilers,
            List<Pass> passes) {
        return new JmhPart(suite, new JmhRounds("org.frameferry.bench." + suite, pace, flags, profilers), passes);
    }
}
