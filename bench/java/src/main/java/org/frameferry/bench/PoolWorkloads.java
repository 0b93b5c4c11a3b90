// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.util.List;
import java.util.stream.Stream;
import org.frameferry.bench.Section.Workload;

/** What `ferry bench pool` runs, in which rows it shows it, and what is aimed at. Static functions; any thread. */
final class PoolWorkloads {
    /** The package of the benchmarks. */
    static final String FOLDER = "org.frameferry.bench.pool";
    /** One fork of each. Netty's leak detector and our tracking are at their defaults, then off; then ours at most. */
    static final List<JmhRounds.Pass> PASSES = List.of(
            new JmhRounds.Pass("", "sampled", 29),
            new JmhRounds.Pass("(OneFrame|HandOver)\\.(frameferry|netty).*", "off", 8),
            new JmhRounds.Pass("Batch\\.(frameferry|netty).*", "off", 3),
            new JmhRounds.Pass("OneFrame\\.frameferry.*", "every", 2));
    private static final String TRANSPORT = "HandOver.transport";

    private PoolWorkloads() {}

    static List<Section> sections() {
        return List.of(java(), tracking());
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
}
