// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.profile.Profiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs JMH benchmarks in rounds, in which all have their turn, so that a slow spell of the machine does not fall on one
 * contestant alone; keeps what came out. One thread runs it, any other may ask for the results meanwhile.
 */
public final class JmhRounds {
    /**
     * For every contestant the same. The heap is small and fixed, as nobody keeps anything; Unsafe is what most peers are
     * fastest with.
     */
    private static final List<String> FLAGS = List.of("-Xms512m", "-Xmx512m", "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
    private static final String BYTES = "gc.alloc.rate.norm";

    /**
     * How long a fork takes.
     *
     * @param warmups iterations whose figures are thrown away
     * @param samples iterations that count
     */
    public record Pace(int warmups, int warmupMillis, int samples, int sampleMillis) {
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
     * Benchmarks, and the values of their parameters.
     *
     * @param include pattern of their names
     * @param parameters those that are not at their defaults
     * @param size how many they are, for the time left
     * @param turns that each has in a round; more than one where what is compared must be close in time
     */
    public record Pass(String include, Map<String, List<String>> parameters, int size, int turns) {
    }

    private final String folder;
    private final Pace pace;
    private final List<String> flags;
    private final List<Class<? extends Profiler>> profilers;
    private final Map<String, List<BenchmarkResult>> results = new LinkedHashMap<>();

    /**
     * @param folder the package of the benchmarks
     * @param flags of the virtual machine, beside those that all have
     * @param profilers beside the one that counts bytes
     */
    public JmhRounds(String folder, Pace pace, List<String> flags, List<Class<? extends Profiler>> profilers) {
        this.folder = folder;
        this.pace = pace;
        this.flags = Stream.concat(FLAGS.stream(), flags.stream()).toList();
        this.profilers = profilers;
    }

    /**
     * Runs each benchmark, each turn in a fork of its own.
     *
     * @throws BenchFailure if one fails
     */
    public void round(List<Pass> passes, String title, Progress progress) {
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
            new Runner(options(pass, each), output).run();
        } catch (RunnerException e) {
            throw new BenchFailure(output.said(e), e);
        }
    }

    private Options options(Pass pass, Pace each) {
        ChainedOptionsBuilder options = new OptionsBuilder().include("^" + folder + "\\." + pass.include).forks(1)
                .jvmArgs(flags.toArray(String[]::new)).addProfiler(GCProfiler.class).shouldFailOnError(true)
                .mode(Mode.AverageTime).timeUnit(TimeUnit.NANOSECONDS)
                .warmupIterations(each.warmups).warmupTime(TimeValue.milliseconds(each.warmupMillis))
                .measurementIterations(each.samples).measurementTime(TimeValue.milliseconds(each.sampleMillis));
        profilers.forEach(options::addProfiler);
        pass.parameters.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
        return options.build();
    }

    /** {@return how long a round takes} */
    public double seconds(List<Pass> passes) {
        return passes.stream().mapToDouble(p -> p.size * p.turns * pace.split(p.turns).seconds()).sum();
    }

    private synchronized void keep(BenchmarkResult fork) {
        results.computeIfAbsent(key(fork), key -> new ArrayList<>()).add(fork);
    }

    /** "OneFrame.nettyPooled:leaks=off", with all parameters. */
    private String key(BenchmarkResult fork) {
        BenchmarkParams params = fork.getParams();
        return params.getBenchmark().substring(folder.length() + 1) + params.getParamsKeys().stream().sorted()
                .map(name -> ":" + name + "=" + params.getParam(name)).collect(Collectors.joining());
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

    /** {@return the forks so far of each benchmark} */
    public synchronized List<List<BenchmarkResult>> forks() {
        return results.values().stream().map(List::copyOf).toList();
    }

    /** {@return the flags of the forks} */
    public List<String> flags() {
        return flags;
    }

    /** {@return the results so far, as JMH has them after several forks} */
    public synchronized List<RunResult> runResults() {
        return results.values().stream().map(forks -> new RunResult(forks.getFirst().getParams(), forks)).toList();
    }
}
