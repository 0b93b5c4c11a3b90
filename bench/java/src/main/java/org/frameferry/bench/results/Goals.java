// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.frameferry.bench.Figure;

/** What the benchmarks are to show, and whether a result set does. Static functions; any thread. */
public final class Goals {
    private static final String NS = "ns";
    private static final String TIMES = "x";
    private static final List<String> NATIVE_PEERS = List.of("boost", "ck", "dpdk", "moodycamel");
    private static final List<String> JAVA_PEERS = List.of("jctools", "jctools-drain", "agrona-queue", "agrona-ring",
            "disruptor", "array-blocking");

    private Goals() {}

    /**
     * One of them.
     *
     * @param value NaN if it was not measured
     * @param unit "x" for a ratio
     * @param atLeast true if value must not be less than aim, false if not more
     * @param how between what, "frameferry 0.41 ns, best of others 0.93 ns (dpdk, batch 256)"
     */
    public record Goal(String title, double value, String unit, boolean atLeast, double aim, String how) {
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
        Measurement ours = all.best("crossing", "enqueue", List.of("ffm-critical"), p -> is(p, "batch", "64"));
        for (String peer : List.of("jni", "ffm")) {
            goals.add(ratio("Enqueue by batches of 64 against a call a frame by " + peer.toUpperCase(Locale.ROOT), ours,
                    all.best("crossing", "enqueue", List.of(peer), p -> is(p, "batch", "1")), 25));
        }
        goals.add(cost("Enqueue by batches of 64, a frame", ours, 0.5));
    }

    private static void streams(Picker all, List<Goal> goals) {
        Predicate<Measurement> batched = p -> is(p, "batch", "64") && isDescriptor(p);
        goals.add(ratio("Java to C, batches of 64, against C to C on the same ring",
                all.best("stream", "java-to-c", List.of("frameferry"), batched),
                all.best("stream", "c-to-c", List.of("in-jvm"), batched), 0.95));
        goals.add(ratio("C to C, batches of 64, 8192 slots, against the best other",
                all.best("stream", "c-to-c", List.of("frameferry"), batched.and(p -> is(p, "capacity", "8192"))),
                all.best("stream", "c-to-c", NATIVE_PEERS, Goals::isDescriptor), 1.3));
        Predicate<Measurement> single = p -> is(p, "batch", "1") && isDescriptor(p);
        goals.add(ratio("C to C, one at a time, inlined, against the best other",
                all.best("stream", "c-to-c", List.of("frameferry"), single),
                all.best("stream", "c-to-c", NATIVE_PEERS, single), 3));
        Measurement mapped = all.best("stream", "java-to-java", List.of("frameferry-mapped"), batched);
        goals.add(ratio("Java to Java, mapped ring, batches of 64, against the best queue", mapped,
                all.best("stream", "java-to-java", JAVA_PEERS, Goals::isDescriptor), 1));
        goals.add(ratio("Java to Java, mapped ring, against Agrona's off-heap ring", mapped,
                all.best("stream", "java-to-java", List.of("agrona-ring"), Goals::isDescriptor), 5));
    }

    private static void roundTrip(Picker all, List<Goal> goals) {
        Measurement ours = all.best("stream", "round-trip", List.of("frameferry"), p -> true);
        Measurement floor = all.best("stream", "ping-pong", List.of("bare"), p -> true);
        goals.add(new Goal("Round trip, p50, against the bare ping-pong",
                ours == null || floor == null ? Double.NaN : Ratios.times(floor, ours), TIMES, false, 1.3,
                how(ours, floor)));
    }

    private static void jobs(Picker all, List<Goal> goals) {
        Measurement ours = all.best("job", "udp-receive", List.of("frameferry", "frameferry-inline",
                "frameferry-threaded"), p -> true);
        goals.add(ratio("UDP datagrams a CPU-second, against NIO and Netty", ours, all.best("job", "udp-receive",
                List.of("nio", "nio-blocking", "netty-epoll", "netty-io-uring"), p -> true), 1.1));
        goals.add(ratio("UDP datagrams a CPU-second, against bare C", ours, all.best("job", "udp-receive",
                List.of("bare-c"), p -> true), 0.95));
    }

    /** Ours, wherever bytes were counted: what is less than half a byte comes from one frame in many, or from JMH. */
    private static Goal allocation(ResultSet results) {
        Measurement most = results.measurements().stream().filter(m -> m.contestant().startsWith("frameferry")
                || m.suite().equals("crossing") && m.contestant().startsWith("ffm"))
                .filter(m -> m.figures().containsKey("bytes"))
                .max(Comparator.comparing(m -> m.figures().get("bytes"))).orElse(null);
        return new Goal("Allocation, bytes a frame, at most anywhere",
                most == null ? Double.NaN : Math.floor(most.figures().get("bytes") + 0.5), "B", false, 0,
                most == null ? "" : most.key());
    }

    private static Goal cost(String title, Measurement ours, double most) {
        return new Goal(title, ours == null ? Double.NaN : ours.median(), NS, false, most,
                ours == null ? "" : ours.key());
    }

    private static Goal ratio(String title, Measurement ours, Measurement other, double least) {
        return new Goal(title, ours == null || other == null ? Double.NaN : Ratios.times(ours, other), TIMES, true,
                least, how(ours, other));
    }

    private static String how(Measurement ours, Measurement other) {
        return ours == null || other == null ? "" : Stream.of(ours, other).map(m -> m.contestant()
                + text(m.parameters()) + " " + Goal.number(m.median())).reduce((a, b) -> a + ", " + b).orElseThrow();
    }

    private static String text(Map<String, String> parameters) {
        return parameters.isEmpty() ? "" : " " + parameters;
    }

    private static boolean is(Measurement m, String parameter, String value) {
        return value.equals(m.parameters().get(parameter));
    }

    /** Only numbers are handed on, without a payload in frames. */
    private static boolean isDescriptor(Measurement m) {
        return List.of("0", "8").contains(m.parameters().getOrDefault("payload", "0"));
    }

    /** Finds measurements. */
    private record Picker(List<Measurement> all) {
        /** {@return the best of those contestants at the best of the parameters allowed, null if there is none} */
        Measurement best(String suite, String workload, List<String> contestants, Predicate<Measurement> which) {
            Comparator<Measurement> byMedian = Comparator.comparingDouble(Measurement::median);
            return all.stream().filter(m -> m.suite().equals(suite) && m.workload().equals(workload)
                    && contestants.contains(m.contestant())).filter(which)
                    .min(all.stream().anyMatch(m -> m.suite().equals(suite) && m.moreIsBetter()) ? byMedian.reversed()
                            : byMedian).orElse(null);
        }
    }
}
