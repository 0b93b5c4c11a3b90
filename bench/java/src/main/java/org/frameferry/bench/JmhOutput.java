// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.nio.charset.Charset;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;

/**
 * What JMH has to say: results are handed on and progress is shown; its text is kept for the case that something fails.
 * Called by JMH, on one thread at a time.
 */
final class JmhOutput implements OutputFormat {
    private final Progress progress;
    private final String title;
    private final double secondsEach;
    private final Consumer<BenchmarkResult> results;
    private final StringBuffer text = new StringBuffer();
    private String name = "";

    /**
     * @param title of the round
     * @param secondsEach that a benchmark was planned to take
     */
    JmhOutput(Progress progress, String title, double secondsEach, Consumer<BenchmarkResult> results) {
        this.progress = progress;
        this.title = title;
        this.secondsEach = secondsEach;
        this.results = results;
    }

    @Override
    public void startBenchmark(BenchmarkParams params) {
        String values = params.getParamsKeys().stream().map(key -> ", " + key + " " + params.getParam(key))
                .collect(Collectors.joining());
        name = title + params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.',
                params.getBenchmark().lastIndexOf('.') - 1) + 1) + values;
        text.setLength(0);
        progress.begin(name);
    }

    @Override
    public void endBenchmark(BenchmarkResult result) {
        if (result != null) {
            results.accept(result);
            progress.end("%-61s%8s ns".formatted(name,
                    Figure.number(result.getPrimaryResult().getScore())), secondsEach);
        }
    }

    /** {@return in one line why a run failed: JMH's own exception says only that it did, its text tells the rest} */
    String said(RunnerException e) {
        if (name.isEmpty()) {
            return e.getMessage(); // JMH did not begin
        }
        return name + " failed: " + text.toString().lines().dropWhile(line -> !line.startsWith("<")).map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("<")).findFirst().orElse(e.getMessage());
    }

    @Override
    public void print(String s) {
        text.append(s);
    }

    @Override
    public void println(String s) {
        text.append(s).append('\n');
    }

    @Override
    public void write(int b) {
        text.append((char) b);
    }

    @Override
    public void write(byte[] b) {
        text.append(new String(b, Charset.defaultCharset()));
    }

    @Override
    public void iteration(BenchmarkParams params, IterationParams iteration, int number) {}

    @Override
    public void iterationResult(BenchmarkParams params, IterationParams iteration, int number, IterationResult data) {}

    @Override
    public void startRun() {}

    @Override
    public void endRun(Collection<RunResult> result) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public void verbosePrintln(String s) {}
}
