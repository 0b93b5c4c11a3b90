// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.frameferry.bench.Section.Workload;

/** What `ferry bench pool` runs, in which rows it shows it, and what is aimed at. Static functions; any thread. */
final class PoolWorkloads {
    /** The package of the benchmarks. */
    static final String FOLDER = "org.frameferry.bench.pool";
    /** Netty's leak detector and our tracking are at their defaults, then off; then ours at most. */
    static final List<JmhRounds.Pass> PASSES = List.of(
            new JmhRounds.Pass("(OneFrame|OneFrameWritten|Batch|VirtualThreads)\\..*", leaks("sampled"), 23, 1),
            new JmhRounds.Pass("HandOver\\..*", leaks("sampled"), 6, 2),
            new JmhRounds.Pass("HandOver\\.(frameferry|netty).*", leaks("off"), 4, 2),
            new JmhRounds.Pass("(OneFrame|Batch)\\.(frameferry|netty).*", leaks("off"), 7, 1),
            new JmhRounds.Pass("OneFrame\\.frameferry.*", leaks("every"), 2, 1));
    /**
     * For Netty its best: on JDK 25 it does without Unsafe unless it is told, gives threads of others no cache, and is
     * fastest on threads of its own.
     */
    static final List<String> FLAGS = List.of("-Dio.netty.noUnsafe=false",
            "-Dio.netty.tryReflectionSetAccessible=true", "-Dio.netty.allocator.useCacheForAllThreads=true",
            "-Djmh.executor=CUSTOM", "-Djmh.executor.class=org.frameferry.bench.pool.NettyThreads");
    private static final String TRANSPORT = "HandOver.transport";

    private PoolWorkloads() {}

    private static Map<String, List<String>> leaks(String tracking) {
        return Map.of("leaks", List.of(tracking));
    }

    /** {@return the key of a row for JMH's: "OneFrame.nettyPooled", and ":off" when leaks are not sampled as usual} */
    static String key(String jmh) {
        return jmh.replace(":leaks=sampled", "").replace(":leaks=", ":");
    }

    /**
     * {@return the table}
     *
     * @param jemalloc whether the program in C ran with it, too
     */
    static List<Section> sections(boolean jemalloc) {
        Stream<Section> all = Stream.of(java(), tracking(), inC("glibc", "glibc's malloc"), depot());
        return (jemalloc ? Stream.concat(all, Stream.of(inC("jemalloc", "jemalloc"))) : all).toList();
    }

    private static Section java() {
        List<Aim> one = List.of(new Aim.AtMost(12), new Aim.AtLeast(8));
        List<Aim> reused = List.of(new Aim.AtMost(12), new Aim.AtLeast(8), new Aim.NoBytes());
        List<Aim> handedOver = List.of(new Aim.AtLeast(5), new Aim.NoBytes());
        List<Aim> batch = List.of(new Aim.AtMost(1), new Aim.AtLeast(100), new Aim.NoBytes());
        return new Section("Java, ns a frame",
                List.of("Frameferry", "Netty pooled", "N. adaptive", "Arena", "malloc (FFM)"), List.of(1, 2), List.of(
                        all("lease() and close()", "OneFrame", "New", "", one),
                        all("the same, leaks not tracked", "OneFrame", "New", ":off", List.of()),
                        all("tryLease(frame) and release()", "OneFrame", "Reused", "", reused),
                        all("the same, leaks not tracked", "OneFrame", "Reused", ":off", List.of()),
                        all("lease(), 64 bytes written, close()", "OneFrameWritten", "New", "", List.of()),
                        all("tryLease(frame), 64 bytes, release()", "OneFrameWritten", "Reused", "", List.of()),
                        handedOver("handed to another thread, lease()", "New", "", "", List.of(new Aim.AtLeast(5))),
                        handedOver("the same, tryLease(frame)", "Reused", "", "", handedOver),
                        handedOver("the same, leaks not tracked", "Reused", ":off", "", List.of()),
                        handedOver("tryLease(frame), transport taken off", "Reused", "", TRANSPORT, List.of()),
                        new Workload("the transport alone", List.of(TRANSPORT, "", "", "", ""), "", List.of()),
                        all("batch of 64", "Batch", "", "", batch),
                        all("the same, leaks not tracked", "Batch", "", ":off", List.of()),
                        all("virtual threads, lease()", "VirtualThreads", "New", "", List.of()),
                        all("virtual threads, tryLease(frame)", "VirtualThreads", "Reused", "", List.of())));
    }

    /** A row of all five; what was measured once is in the rows with and without tracking. */
    private static Workload all(String title, String benchmark, String ours, String leaks, List<Aim> aims) {
        return new Workload(title, keys(benchmark, ours, leaks, "arena", "malloc"), "", aims);
    }

    /** Arenas of one thread cannot be closed by another. */
    private static Workload handedOver(String title, String ours, String leaks, String less, List<Aim> aims) {
        return new Workload(title, keys("HandOver", ours, leaks, "", "malloc"), less, aims);
    }

    private static List<String> keys(String benchmark, String ours, String leaks, String arena, String malloc) {
        return Stream.of("frameferry" + ours + leaks, "nettyPooled" + leaks, "nettyAdaptive" + leaks, arena, malloc)
                .map(name -> name.isEmpty() ? "" : benchmark + "." + name).toList();
    }

    private static Section tracking() {
        return new Section("Frameferry's leak tracking, ns a frame", List.of("sampled", "off", "every"), List.of(1),
                Stream.of("New", "Reused").map(ours -> new Workload(ours.equals("New") ? "lease() and close()"
                        : "tryLease(frame) and release()", Stream.of("", ":off", ":every").map(leaks ->
                                "OneFrame.frameferry" + ours + leaks).toList(), "", List.of(new Aim.AtMostMore(3))))
                        .toList());
    }

    /** Bursts of 64, or one frame at a time; the first line of each is written and read. */
    private static Section inC(String malloc, String title) {
        Aim sameThread = new Aim.AtLeast(13);
        String transport = "transport 2/0/64 " + malloc;
        return new Section("C, ns a frame, with " + title, List.of("magazine", "pool", malloc), List.of(2), List.of(
                new Workload("bursts of 64 in one thread", keys("same", 1, malloc, true), "",
                        List.of(sameThread)),
                new Workload("single frames in one thread", keys("single", 1, malloc, false), "", List.of()),
                new Workload("handed to another thread", keys("across", 2, malloc, true), "", List.of()),
                new Workload("the same, transport taken off", keys("across", 2, malloc, true), transport,
                        List.of(new Aim.AtLeast(40))),
                new Workload("the transport alone", List.of(transport, "", ""), "", List.of())));
    }

    private static List<String> keys(String what, int threads, String malloc, boolean pool) {
        String frames = ".%s %d/4096/64 %s".formatted(what, threads, malloc);
        return List.of("magazine" + frames, pool ? "pool" + frames : "",
                "malloc.%s %d/0/64 %s".formatted(what, threads, malloc));
    }

    /** The depot under threads that give what others take, as no malloc is asked to: 64 frames at a time. */
    private static Section depot() {
        return new Section("C, the depot between threads, ns a frame", List.of("pool", "transport"), List.of(), List.of(
                depot("4096 frames, 2 threads", 2, 4096, 0, 10),
                depot("1 M frames, written, 2 threads", 2, 1 << 20, 64, 15),
                depot("4096 frames, 4 threads", 4, 4096, 0, 10),
                depot("1 M frames, written, 4 threads", 4, 1 << 20, 64, 15)));
    }

    private static Workload depot(String title, int threads, int frames, int payload, double ns) {
        return new Workload(title, List.of("pool.across " + threads + "/" + frames + "/" + payload + " glibc",
                "transport " + threads + "/0/" + payload + " glibc"), "", List.of(new Aim.AtMost(ns)));
    }
}
