// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs JMH benchmarks in rounds, in which all have their turn, so that a slow spell of the machine does not fall on one
 * contestant alone; keeps what came out. One thread runs it, any other may ask for the results meanwhile.
 */
final class JmhRounds {
    /**
     * For every contestant the same, and for Netty its best: on JDK 25 it does without Unsafe unless it is told, gives
     * threads of others no cache, and is fastest on threads of its own. The heap is small and fixed, as nobody keeps
     * anything.
     */
    private static final String[] FORK = {"-Xms512m", "-Xmx512m", "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow", "--add-opens=java.base/java.nio=ALL-UNNAMED",
        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "-Dio.netty.noUnsafe=false",
        "-Dio.netty.tryReflectionSetAccessible=true", "-Dio.netty.allocator.useCacheForAllThreads=true",
        "-Djmh.executor=CUSTOM", "-Djmh.executor.class=org.frameferry.bench.pool.NettyThreads"};
    private static final String BYTES = "gc.alloc.rate.norm";

    /**
     * How long a fork takes.
     *
     * @param warmups iterations whose figures are thrown away
     * @param samples iterations that count
     */
    record Pace(int warmups, int warmupMillis, int samples, int sampleMillis) {
        /** Starting a JVM, setting up, collecting garbage between iterations. */
        private static final double START_SECONDS = 0.3;

        double seconds() {
            return START_SECONDS + (warmups * warmupMillis + samples * sampleMillis) / 1e3;
        }

        /** {@return the same work in so many turns} */
        Pace split(int turns) {
            return new Pace(warmups, Math.max(200, warmupMillis / turns), samples, Math.max(100, sampleMillis / turns));
        }
    }

    /**
     * Benchmarks, and how those that can track leaks do it.
     *
     * @param include pattern of their names
     * @param leaks value of their parameter
     * @param size how many they are, for the time left
     * @param turns that each has in a round; more than one where what is compared must be close in time
     */
    record Pass(String include, String leaks, int size, int turns) {
    }

    private final String folder;
    private final Pace pace;
    private final Map<String, List<BenchmarkResult>> results = new LinkedHashMap<>();

    /**
     * @param folder the package of the benchmarks
     */
    JmhRounds(String folder, Pace pace) {
        this.folder = folder;
        this.pace = pace;
    }

    /**
     * Runs each benchmark, each turn in a fork of its own.
     *
     * @throws BenchFailure if one fails
     */
    void round(List<Pass> passes, String title, Progress progress) {
        for (Pass pass : passes) {
            for (int turn = 0; turn < pass.turns; turn++) {
                run(pass, title, progress);
            }
        }
    }

    private void run(Pass pass, String title, Progress progress) {
        Pace each = pace.split(pass.turns);
        JmhOutput output = new JmhOutput(progress, title, each.seconds(), this::keep);
        try {
            new Runner(new OptionsBuilder().include("^" + folder + "\\." + pass.include).param("leaks", pass.leaks)
                    .forks(1).jvmArgs(FORK).addProfiler(GCProfiler.class).shouldFailOnError(true)
                    .mode(Mode.AverageTime).timeUnit(TimeUnit.NANOSECONDS)
                    .warmupIterations(each.warmups).warmupTime(TimeValue.milliseconds(each.warmupMillis))
                    .measurementIterations(each.samples).measurementTime(TimeValue.milliseconds(each.sampleMillis))
                    .build(), output).run();
        } catch (RunnerException e) {
            throw new BenchFailure(output.said(e), e);
        }
    }

    /** {@return how long a round takes} */
    double seconds(List<Pass> passes) {
        return passes.stream().mapToDouble(p -> p.size * p.turns * pace.split(p.turns).seconds()).sum();
    }

    private synchronized void keep(BenchmarkResult fork) {
        results.computeIfAbsent(key(fork), key -> new ArrayList<>()).add(fork);
    }

    /** "OneFrame.nettyPooled", and ":off" when leaks are not sampled as usual. */
    private String key(BenchmarkResult fork) {
        String leaks = fork.getParams().getParam("leaks");
        return fork.getParams().getBenchmark().substring(folder.length() + 1)
                + (leaks == null || leaks.equals("sampled") ? "" : ":" + leaks);
    }

    /** {@return the figures so far, by key} */
    synchronized Map<String, Figure> figures() {
        Map<String, Figure> figures = new LinkedHashMap<>();
        results.forEach((key, forks) -> figures.put(key, figure(forks)));
        return figures;
    }

    private static Figure figure(List<BenchmarkResult> forks) {
        return Figure.of(forks.stream().map(JmhRounds::samples).toList(),
                forks.stream().map(JmhRounds::bytes).toList());
    }

    private static double[] samples(BenchmarkResult fork) {
        return fork.getIterationResults().stream().mapToDouble(i -> i.getPrimaryResult().getScore()).toArray();
    }

    /** Each thread of a group counts what passes through it, so a frame is as many operations as there are halves. */
    private static double bytes(BenchmarkResult fork) {
        return fork.getSecondaryResults().get(BYTES).getScore() * fork.getParams().getThreadGroups().length;
    }

    /** {@return the results so far, as JMH has them after several forks} */
    synchronized List<RunResult> runResults() {
        return results.values().stream().map(forks -> new RunResult(forks.getFirst().getParams(), forks)).toList();
    }
}
