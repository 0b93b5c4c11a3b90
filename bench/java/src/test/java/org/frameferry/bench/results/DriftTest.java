// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.frameferry.bench.results.Comparison.Verdict;
import org.junit.jupiter.api.Test;

/** A machine that became slower is told from a library that did. */
class DriftTest {
    private static final List<Double> BEFORE = List.of(1.0, 1.01, 0.99, 1.02, 0.98, 1.0);

    private static Comparison compared(String contestant, String unit, double factor) {
        return Comparison.of(RatiosTest.of(contestant, unit, BEFORE, List.of()),
                RatiosTest.of(contestant, unit, BEFORE.stream().map(x -> x * factor).toList(), List.of()));
    }

    private static Drift of(Comparison... all) {
        return Drift.bySuite(List.of(all)).get("stream");
    }

    @Test
    void aSlowerMachineIsNoChange() {
        Drift drift = of(compared("boost", "ns/frame", 1.25), compared("ck", "ns/frame", 1.27),
                compared("jctools", "ns/frame", 1.23), compared("frameferry", "ns/frame", 1.26));
        assertEquals(1.25, drift.factor(), 0.001);
        assertEquals(3, drift.controls());
        assertTrue(drift.scatter() > 1.015 && drift.scatter() < 1.02, drift::toString);
        assertEquals(Verdict.WORSE, compared("frameferry", "ns/frame", 1.26).verdict());
        assertEquals(Verdict.SAME, compared("frameferry", "ns/frame", 1.26).without(drift).verdict());
    }

    @Test
    void aSlowerLibraryIs() {
        Drift drift = of(compared("boost", "ns/frame", 1.0), compared("ck", "ns/frame", 1.02),
                compared("frameferry", "ns/frame", 1.26));
        Comparison ours = compared("frameferry", "ns/frame", 1.26).without(drift);
        assertEquals(Verdict.WORSE, ours.verdict());
        assertEquals(1.25, ours.ratio(), 0.01);
    }

    @Test
    void ofRatesMoreIsFaster() {
        Drift drift = of(compared("nio", "datagrams/CPU-second", 0.8), compared("boost", "ns/frame", 1.25));
        assertEquals(1.25, drift.factor(), 0.001);
        assertEquals(1, compared("nio", "datagrams/CPU-second", 0.8).without(drift).ratio(), 0.001);
    }

    @Test
    void withoutAControlNothingIsTakenOut() {
        Comparison ours = compared("frameferry", "ns/frame", 1.25);
        Drift drift = of(ours);
        assertEquals(0, drift.controls());
        assertEquals(ours, ours.without(drift));
    }

    @Test
    void ofCallsTheEmptyOnesAreControls() {
        List<Comparison> calls = Stream.of("empty", "enqueue").map(workload -> {
            Measurement m = new Measurement("crossing", workload, "jni", Map.of(), "ns/call", BEFORE, List.of(), Map.of());
            return Comparison.of(m, m);
        }).toList();
        assertEquals(1, Drift.bySuite(calls).get("crossing").controls());
    }
}
