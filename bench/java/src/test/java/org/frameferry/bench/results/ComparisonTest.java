// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.frameferry.bench.results.Comparison.Verdict;
import org.junit.jupiter.api.Test;

/** Two result sets: what differs beyond its noise, and what does not. */
class ComparisonTest {
    private static final List<Double> NOISY = List.of(1.0, 1.1, 0.9, 1.05, 0.95, 1.02, 0.98);
    private static final List<Double> DOUBLE = List.of(2.0, 2.2, 1.8, 2.1, 1.9, 2.04, 1.96);

    private static Measurement of(String unit, List<Double> samples, double trip) {
        return RatiosTest.of("frameferry", unit, samples, samples.stream().map(s -> trip).toList());
    }

    private static ResultSet set(Measurement... measurements) {
        return new ResultSet(Environment.here("", List.of()), List.of("test"), List.of(measurements), List.of(),
                Map.of());
    }

    @Test
    void whatCostsTwiceAsMuchIsWorse() {
        Comparison c = Comparison.of(of("ns/frame", NOISY, 100), of("ns/frame", DOUBLE, 100));
        assertEquals(2.0, c.ratio(), 1e-9);
        assertTrue(c.low() < 2 && c.low() > 1.5 && c.high() > 2 && c.high() < 2.6, c::toString);
        assertEquals(Verdict.WORSE, c.verdict());
    }

    @Test
    void ofARateTwiceAsMuchIsBetter() {
        assertEquals(Verdict.BETTER, Comparison.of(of("frames/s", NOISY, 100), of("frames/s", DOUBLE, 100)).verdict());
    }

    @Test
    void theSameIsTheSame() {
        Comparison c = Comparison.of(of("ns/frame", NOISY, 100), of("ns/frame", NOISY.reversed(), 100));
        assertEquals(Verdict.SAME, c.verdict());
        assertTrue(c.low() <= 1 && c.high() >= 1);
    }

    @Test
    void coresFarFromEachOtherAreNotComparedWithNearOnes() {
        assertEquals(Verdict.UNKNOWN, Comparison.of(of("ns/frame", NOISY, 100), of("ns/frame", DOUBLE, 600)).verdict());
    }

    @Test
    void onlyWhatBothHaveIsCompared() {
        Measurement other = new Measurement("crossing", "empty", "jni", Map.of(), "ns/call", List.of(8.0), List.of(),
                Map.of());
        assertEquals(1, Comparison.all(set(of("ns/frame", NOISY, 100)), set(of("ns/frame", DOUBLE, 100), other)).size());
    }
}
