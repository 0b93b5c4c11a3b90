// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.frameferry.bench.Progress;
import org.frameferry.bench.job.JobBench;
import org.frameferry.bench.results.Measurement;

/** Whole jobs, each in a process of its own. See [Part] for threads. */
final class JobPart implements Part {
    private final JobBench bench;

    /** @param seconds that datagrams come, each time */
    JobPart(double seconds) {
        bench = new JobBench(seconds);
    }

    @Override
    public double seconds() {
        return bench.seconds();
    }

    @Override
    public boolean round(String title, Progress progress) throws IOException {
        return bench.round(title, progress);
    }

    @Override
    public List<Measurement> measurements() {
        return bench.measurements();
    }

    @Override
    public Map<String, List<JsonNode>> tools() {
        return Map.of();
    }

    @Override
    public List<String> flags() {
        return bench.flags();
    }

    @Override
    public List<String> notes() {
        return bench.notes();
    }
}
