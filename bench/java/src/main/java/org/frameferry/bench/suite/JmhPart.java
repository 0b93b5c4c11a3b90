// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.frameferry.bench.JmhJson;
import org.frameferry.bench.JmhRounds;
import org.frameferry.bench.Progress;
import org.frameferry.bench.results.JmhMeasurements;
import org.frameferry.bench.results.Measurement;

/** Benchmarks of JMH. See [Part] for threads. */
final class JmhPart implements Part {
    private final String suite;
    private final JmhRounds rounds;
    private final List<JmhRounds.Pass> passes;

    JmhPart(String suite, JmhRounds rounds, List<JmhRounds.Pass> passes) {
        this.suite = suite;
        this.rounds = rounds;
        this.passes = passes;
    }

    @Override
    public double seconds() {
        return rounds.seconds(passes);
    }

    @Override
    public boolean round(String title, Progress progress) {
        rounds.round(passes, title, progress);
        return true;
    }

    @Override
    public List<Measurement> measurements() {
        return rounds.forks().stream().map(forks -> JmhMeasurements.of(suite, forks)).toList();
    }

    @Override
    public Map<String, List<JsonNode>> tools() {
        return Map.of("jmh", JmhJson.entries(rounds.runResults()));
    }

    @Override
    public List<String> flags() {
        return rounds.flags();
    }
}
