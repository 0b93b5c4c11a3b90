// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ratios of what was measured while the cores were placed alike, and nothing else. */
class RatiosTest {
    static Measurement of(String contestant, String unit, List<Double> samples, List<Double> trips) {
        return new Measurement("stream", "c-to-c", contestant, Map.of("batch", "64"), unit, samples, trips, Map.of());
    }

    @Test
    void onlyWhatWasPlacedAlikeIsCompared() {
        Measurement ours = of("frameferry", "ns/frame", List.of(1.0, 5.0, 1.1), List.of(100.0, 600.0, 110.0));
        Measurement other = of("boost", "ns/frame", List.of(10.0, 2.0, 2.2), List.of(610.0, 105.0, 100.0));
        // near: 2.1 / 1.0 and 2.1 / 1.1; far: 10 / 5
        assertEquals(2.0, Ratios.times(ours, other), 1e-9);
    }

    @Test
    void withoutACommonPlacementThereIsNoRatio() {
        Measurement near = of("frameferry", "ns/frame", List.of(1.0), List.of(100.0));
        Measurement far = of("boost", "ns/frame", List.of(9.0), List.of(700.0));
        assertTrue(Double.isNaN(Ratios.times(near, far)));
        assertNull(Ratios.best(List.of(near), List.of(far)));
    }

    @Test
    void ofOneThreadSamplesWithTheSameNumberAreCompared() {
        assertEquals(3.0, Ratios.times(of("a", "ns/frame", List.of(1.0, 2.0, 4.0), List.of()),
                of("b", "ns/frame", List.of(3.0, 6.0, 12.0), List.of())));
    }

    @Test
    void ofRatesMoreIsBetter() {
        assertEquals(2.0, Ratios.times(of("a", "datagrams/CPU-second", List.of(200.0), List.of()),
                of("b", "datagrams/CPU-second", List.of(100.0), List.of())));
    }

    @Test
    void theOtherIsTakenAtItsBestAndOursAsWell() {
        Measurement slow = of("frameferry", "ns/frame", List.of(4.0), List.of());
        Measurement fast = of("frameferry", "ns/frame", List.of(1.0), List.of());
        Measurement worse = of("boost", "ns/frame", List.of(8.0), List.of());
        Measurement better = of("boost", "ns/frame", List.of(2.0), List.of());
        Ratios.Ratio ratio = Ratios.best(List.of(slow, fast), List.of(worse, better));
        assertSame(fast, ratio.ours());
        assertSame(better, ratio.other());
        assertEquals(2.0, ratio.times());
    }

    @Test
    void aSampleLeftOutOfItsPlacementDoesNotCount() {
        Measurement m = of("a", "ns/frame", List.of(1.0, 1.2, 9.0), List.of(100.0, 110.0, 600.0));
        assertEquals(1.1, m.median(), 1e-9);
    }

    @Test
    void samplesAndRoundTripsBelongTogether() {
        assertThrows(IllegalArgumentException.class, () -> of("a", "ns/frame", List.of(1.0, 2.0), List.of(100.0)));
        assertThrows(IllegalArgumentException.class, () -> of("a", "ns/frame", List.of(), List.of()));
    }
}
