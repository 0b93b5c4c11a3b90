// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.frameferry.bench.Figure;

/** What the benchmarks are to show, and whether a result set does. Static functions; any thread. */
public final class Goals {
    private static final String NS = "ns";
    private static final String TIMES = "x";
    private static final List<String> NATIVE_PEERS = List.of("boost", "ck", "dpdk", "moodycamel");
    private static final List<String> JAVA_PEERS = List.of("jctools", "agrona-queue", "agrona-ring",
            "disruptor", "array-blocking-queue");

    private Goals() {}

    /**
     * One of them.
     *
     * @param suite that measures it
     * @param value NaN if it was not measured
     * @param unit "x" for a ratio
     * @param atLeast true if value must not be less than aim, false if not more
     * @param how between what, "frameferry 0.41 ns, best of others 0.93 ns (dpdk, batch 256)"
     */
    public record Goal(String suite, String title, double value, String unit, boolean atLeast, double aim, String how) {
        public boolean known() {
            return !Double.isNaN(value);
        }

        public boolean met() {
            return atLeast ? value >= aim : value <= aim;
        }

        /** {@return as one line of text} */
        public String line() {
            return "%-62s %-14s %s".formatted(title, known() ? number(value) + " " + unit : "not measured",
                    "%s %s %s%s".formatted(atLeast ? "at least" : "at most", number(aim), unit,
                            known() ? met() ? ": met" : ": not met" : "") + (known() ? "  (" + how + ")" : ""));
        }

        static String number(double x) {
            return Figure.number(x);
        }
    }

    /** {@return all of them, measured or not} */
    public static List<Goal> of(ResultSet results) {
        Picker all = new Picker(results.measurements());
        List<Goal> goals = new ArrayList<>();
        crossing(all, goals);
        streams(all, goals);
        roundTrip(all, goals);
        jobs(all, goals);
        goals.add(allocation(results));
        return goals;
    }

    private static void crossing(Picker all, List<Goal> goals) {
        List<Measurement> ours = all.of("crossing", "enqueue", List.of("ffm-critical"), p -> is(p, "batch", "64"));
        for (String peer : List.of("jni", "ffm")) {
            String title = "Enqueue by batches of 64 against a call a frame by " + peer.toUpperCase(Locale.ROOT);
            goals.add(ratio("crossing", title, ours,
                    all.of("crossing", "enqueue", List.of(peer), p -> is(p, "batch", "1")), 25));
        }
        goals.add(cost("crossing", "Enqueue by batches of 64, a frame", ours, 0.5));
    }

    private static void streams(Picker all, List<Goal> goals) {
        Predicate<Measurement> batched = p -> is(p, "batch", "64") && isDescriptor(p);
        goals.add(ratio("stream", "Java to C, batches of 64, against C to C on the same ring",
                all.of("stream", "java-to-c", List.of("frameferry"), batched),
                all.of("stream", "c-to-c", List.of("frameferry"), batched.and(p -> !isNative(p))), 0.95));
        goals.add(ratio("stream", "C to C, batches of 64, 8192 slots, against the best other",
                all.of("stream", "c-to-c", List.of("frameferry"),
                        batched.and(p -> is(p, "capacity", "8192") && isNative(p))),
                all.of("stream", "c-to-c", NATIVE_PEERS, Goals::isDescriptor), 1.3));
        Predicate<Measurement> single = p -> is(p, "batch", "1") && isDescriptor(p);
        goals.add(ratio("stream", "C to C, one at a time, inlined, against the best other",
                all.of("stream", "c-to-c", List.of("frameferry", "frameferry-held"), single),
                all.of("stream", "c-to-c", NATIVE_PEERS, single), 3));
        List<Measurement> mapped = all.of("stream", "java-to-java", List.of("frameferry-mapped"), batched);
        goals.add(ratio("stream", "Java to Java, mapped ring, batches of 64, against the best queue", mapped,
                all.of("stream", "java-to-java", JAVA_PEERS, Goals::isDescriptor), 1));
        goals.add(ratio("stream", "Java to Java, mapped ring, against Agrona's off-heap ring", mapped,
                all.of("stream", "java-to-java", List.of("agrona-ring"), Goals::isDescriptor), 5));
    }

    private static void roundTrip(Picker all, List<Goal> goals) {
        Ratios.Ratio ratio = Ratios.best(all.of("stream", "c-round-trip", List.of("frameferry"), p -> true),
                all.of("stream", "c-round-trip", List.of("ping-pong"), p -> true));
        goals.add(new Goal("stream", "Round trip, p50, against the bare ping-pong",
                ratio == null ? Double.NaN : 1 / ratio.times(), TIMES, false, 1.3, how(ratio)));
    }

    private static void jobs(Picker all, List<Goal> goals) {
        List<Measurement> ours = all.of("job", "udp-receive", List.of("frameferry", "frameferry-inline",
                "frameferry-threaded"), p -> true);
        goals.add(ratio("job", "UDP datagrams a CPU-second, against NIO and Netty", ours, all.of("job", "udp-receive",
                List.of("nio", "nio-blocking", "netty-epoll", "netty-io-uring"), p -> true), 1.1));
        goals.add(ratio("job", "UDP datagrams a CPU-second, against bare C", ours, all.of("job", "udp-receive",
                List.of("bare-c"), p -> true), 0.95));
    }

    /**
     * Ours, wherever frames cross: what is less than half a byte comes from one frame in many, or from JMH. The pool's own
     * benchmark has aims of its own.
     */
    private static Goal allocation(ResultSet results) {
        Measurement most = results.measurements().stream().filter(m -> !m.suite().equals("pool"))
                .filter(m -> m.contestant().startsWith("frameferry")
                        || m.suite().equals("crossing") && m.contestant().startsWith("ffm"))
                .filter(m -> m.figures().containsKey("bytes"))
                .max(Comparator.comparing(m -> m.figures().get("bytes"))).orElse(null);
        return new Goal("crossing", "Allocation, bytes a frame, at most anywhere",
                most == null ? Double.NaN : Math.floor(most.figures().get("bytes") + 0.5), "B", false, 0,
                most == null ? "" : most.key());
    }

    private static Goal cost(String suite, String title, List<Measurement> ours, double most) {
        Measurement best = ours.stream().min(Comparator.comparingDouble(Measurement::median)).orElse(null);
        return new Goal(suite, title, best == null ? Double.NaN : best.median(), NS, false, most,
                best == null ? "" : best.key());
    }

    private static Goal ratio(String suite, String title, List<Measurement> ours, List<Measurement> others,
            double least) {
        Ratios.Ratio ratio = Ratios.best(ours, others);
        return new Goal(suite, title, ratio == null ? Double.NaN : ratio.times(), TIMES, true, least, how(ratio));
    }

    private static String how(Ratios.Ratio ratio) {
        return ratio == null ? "" : Stream.of(ratio.ours(), ratio.other()).map(m -> m.contestant()
                + text(m.parameters()) + " " + Goal.number(m.median())).collect(Collectors.joining(", "));
    }

    /** " {batch=64}". */
    private static String text(Map<String, String> parameters) {
        return parameters.isEmpty() ? "" : " " + parameters;
    }

    private static boolean is(Measurement m, String parameter, String value) {
        return value.equals(m.parameters().get(parameter));
    }

    /** Measured by the native program, which knows settings of its own, and not beside Java in one process. */
    private static boolean isNative(Measurement m) {
        return m.parameters().containsKey("wait");
    }

    /** Only descriptors are handed on, of 8 bytes, and no frames written. */
    private static boolean isDescriptor(Measurement m) {
        return "8".equals(m.parameters().getOrDefault("payload", "8"));
    }

    /** Finds measurements. */
    private record Picker(List<Measurement> all) {
        /** {@return those contestants' at the parameters allowed} */
        List<Measurement> of(String suite, String workload, List<String> contestants, Predicate<Measurement> which) {
            return all.stream().filter(m -> m.suite().equals(suite) && m.workload().equals(workload)
                    && contestants.contains(m.contestant())).filter(which).toList();
        }
    }
}
