// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the native programs print. */
class GoogleBenchmarkTest {
    private static final String TEXT = """
            {"context": {"compiler": "GNU 12.2.0", "num_cpus": 2}, "benchmarks": [
             {"run_name": "c-to-c/boost/batch:64/capacity:8192/iterations:1/manual_time", "run_type": "iteration",
              "repetitions": 2, "repetition_index": 0, "threads": 1, "iterations": 1, "real_time": 2.0e7,
              "cpu_time": 2.1e7, "time_unit": "ns", "items_per_second": 2.0e9, "round_trip_ns": 110.0},
             {"run_name": "c-to-c/boost/batch:64/capacity:8192/iterations:1/manual_time", "run_type": "iteration",
              "repetition_index": 1, "real_time": 2.0e7, "items_per_second": 1.0e9, "round_trip_ns": 112.0},
             {"run_name": "c-to-c/boost/batch:64/capacity:8192/iterations:1/manual_time", "run_type": "aggregate",
              "aggregate_name": "mean", "items_per_second": 1.5e9},
             {"run_name": "c-round-trip/ck/iterations:1/manual_time", "run_type": "iteration", "real_time": 150.0,
              "p50": 150.0, "p99": 300.0, "round_trip_ns": 110.0}]}""";

    private static List<Measurement> parse(String text) throws IOException {
        return GoogleBenchmark.measurements("stream", List.of(GoogleBenchmark.document(text)));
    }

    @Test
    void readsRatesAsCosts() throws IOException {
        Measurement m = parse(TEXT).getFirst();
        assertEquals("stream/c-to-c/boost/batch:64/capacity:8192", m.key());
        assertEquals(List.of(0.5, 1.0), m.samples());
        assertEquals(List.of(110.0, 112.0), m.roundTrips());
        assertEquals("ns/frame", m.unit());
        assertEquals("GNU 12.2.0", GoogleBenchmark.compiler(GoogleBenchmark.document(TEXT)));
    }

    @Test
    void readsLatenciesAndTheirFigures() throws IOException {
        Measurement m = parse(TEXT).get(1);
        assertEquals(List.of(150.0), m.samples());
        assertEquals("ns", m.unit());
        assertEquals(Map.of("p50", 150.0, "p99", 300.0), m.figures());
    }

    @Test
    void aBenchmarkThatFailedFailsTheRun() {
        IOException e = assertThrows(IOException.class, () -> parse(TEXT.replace("\"repetition_index\": 1,",
                "\"repetition_index\": 1, \"error_occurred\": true, \"error_message\": \"a frame did not come\",")));
        assertTrue(e.getMessage().contains("c-to-c/boost") && e.getMessage().contains("a frame did not come"),
                e::getMessage);
    }

    @Test
    void whatIsNoResultIsRefused() {
        assertThrows(IOException.class, () -> GoogleBenchmark.document("Segmentation fault"));
        assertThrows(IOException.class, () -> GoogleBenchmark.document("[]"));
    }
}
