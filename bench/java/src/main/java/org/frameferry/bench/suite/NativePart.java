// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.frameferry.bench.NativeProgram;
import org.frameferry.bench.Progress;
import org.frameferry.bench.results.GoogleBenchmark;
import org.frameferry.bench.results.Measurement;

/** A native program over Google Benchmark, which runs its contestants in random order. See [Part] for threads. */
final class NativePart implements Part {
    private final String suite;
    private final NativeProgram program;
    private final String name;
    private final String filter;
    private final double seconds;
    private final List<JsonNode> documents = new ArrayList<>();

    /**
     * @param name of the program
     * @param filter pattern of the workloads to run
     * @param seconds that a round takes
     */
    NativePart(String suite, String name, String filter, double seconds) {
        this.suite = suite;
        this.name = name;
        this.filter = filter;
        this.seconds = seconds;
        program = new NativeProgram(name);
    }

    @Override
    public double seconds() {
        return seconds;
    }

    @Override
    public boolean round(String title, Progress progress) throws IOException {
        progress.begin(title + name + ", in C");
        Optional<String> text = program.output(List.of("--benchmark_filter=" + filter, "--benchmark_repetitions=3",
                "--benchmark_enable_random_interleaving=true", "--benchmark_format=json"));
        if (text.isEmpty()) {
            return false;
        }
        add(GoogleBenchmark.document(text.get()));
        progress.end(title + name + ", in C", seconds);
        return true;
    }

    private synchronized void add(JsonNode document) {
        documents.add(document);
    }

    @Override
    public synchronized List<Measurement> measurements() throws IOException {
        return GoogleBenchmark.measurements(suite, documents);
    }

    @Override
    public synchronized Map<String, List<JsonNode>> tools() {
        return Map.of("googleBenchmark", List.copyOf(documents));
    }

    @Override
    public synchronized String compiler() {
        return documents.isEmpty() ? "" : GoogleBenchmark.compiler(documents.getFirst());
    }
}
