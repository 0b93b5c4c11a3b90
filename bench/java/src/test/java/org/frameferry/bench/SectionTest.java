// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table, to the letter, and the arithmetic under it. */
class SectionTest {
    private static final Aim FAST = new Aim.AtMost(12);
    private static final Aim FASTER = new Aim.AtLeast(8);
    private static final Aim LEAN = new Aim.NoBytes();

    private static Figure figure(double median) {
        return new Figure(median, median, median, Double.NaN);
    }

    @Test
    void aForkCountsByItsMedianAndAFigureIsTheMedianOfForks() {
        Figure figure = Figure.of(List.of(new double[] {1, 900, 2}, new double[] {7, 5, 6}, new double[] {3, 4}),
                List.of(24.0, 0.0, 16.0));
        assertEquals(new Figure(3.5, 2, 6, 16), figure);
    }

    @Test
    void whatIsInEachFigureCanBeTakenOff() {
        assertEquals(new Figure(7, 5, 10, 24), new Figure(10, 8, 13, 24).less(new Figure(3, 2, 5, 0)));
    }

    @Test
    void theCheapestRivalCounts() {
        assertEquals(4, Aim.ratio(figure(10), List.of(figure(90), figure(40))));
        assertEquals("at least 8 x: not met", FASTER.verdict(figure(10), List.of(figure(90), figure(79.9))));
        assertEquals("at least 8 x: met", FASTER.verdict(figure(10), List.of(figure(90), figure(80))));
    }

    @Test
    void limitsAreMetWhenTheyAreReached() {
        List<Figure> rivals = List.of(figure(50));
        assertEquals("at most 12 ns: met", FAST.verdict(figure(12), rivals));
        assertEquals("at most 12 ns: not met", FAST.verdict(figure(12.01), rivals));
        Aim cost = new Aim.AtMostMore(3);
        assertEquals("at most 3 % more: met", cost.verdict(figure(51.5), rivals));
        assertEquals("at most 3 % more: not met", cost.verdict(figure(51.6), rivals));
        assertEquals("0 B a frame, rounded: met", LEAN.verdict(new Figure(1, 1, 1, 0.49), rivals));
        assertEquals("0 B a frame, rounded: not met", LEAN.verdict(new Figure(1, 1, 1, 0.5), rivals));
    }

    @Test
    void nothingIsMetThatWasNotMeasured() {
        assertEquals("at most 12 ns: not measured", FAST.verdict(null, List.of(figure(1))));
        assertEquals("at least 8 x: not measured", FASTER.verdict(figure(1), Arrays.asList(figure(9), null)));
    }

    @Test
    void everyRowStandsUnderTheSameHeadings() {
        Section section = new Section("Java, ns a frame", List.of("Frameferry", "Netty", "Arena"), List.of(1), List.of(
                new Section.Workload("one", List.of("a", "b", "c"), "", List.of(FAST, FASTER, LEAN)),
                new Section.Workload("one, less", List.of("a", "b", ""), "way", List.of()),
                new Section.Workload("other", List.of("x", "b", "c"), "", List.of(FAST)),
                new Section.Workload("quick", List.of("q", "q", ""), "", List.of(FAST))));
        Map<String, Figure> figures = Map.of("a", new Figure(9.996, 9.5, 10.04, 0), "b",
                new Figure(99.96, 96.2, 1234.5, 24), "c", new Figure(71.25, 70, 72, 144),
                "way", new Figure(1.5, 1.5, 1.5, 0), "q", figure(5));
        assertEquals("""
                  Java, ns a frame                         Frameferry        Netty        Arena
                  ------------------------------------------------------------------------------------------
                  one                                            10.0          100         71.3       10.0 x
                    at most 12 ns: met                     9.50..10.0  96.2..1,235   70.0..72.0
                    at least 8 x: met                             0 B       24.0 B        144 B
                    0 B a frame, rounded: met
                  one, less                                      8.50         98.5                    11.6 x
                                                           8.00..8.54  94.7..1,233
                                                                  0 B       24.0 B
                  other                                                        100         71.3
                    at most 12 ns: not measured                        96.2..1,235   70.0..72.0
                                                                            24.0 B        144 B
                  quick                                          5.00         5.00                    1.00 x
                    at most 12 ns: met
                """.lines().toList(), section.lines(figures));
    }

    @Test
    void everyRowOfThePoolHasAColumnForEachKeyAndFitsALine() {
        Map<String, Figure> figures = new HashMap<>();
        List<Section> sections = PoolWorkloads.sections();
        for (Section section : sections) {
            for (Section.Workload w : section.workloads()) {
                assertEquals(section.columns().size(), w.keys().size(), w.title());
                assertFalse(w.keys().getFirst().isEmpty(), w.title());
                w.keys().forEach(key -> figures.put(key, new Figure(12_345.6, 12_345.6, 99_999.9, 1_234)));
            }
        }
        for (Section section : sections) {
            section.lines(figures).forEach(line -> assertTrue(line.length() <= 120, line));
        }
    }

    @Test
    void timeLeftGoesByThePaceSoFar() {
        assertEquals(" 25 %, about 6:00 left", Progress.left(120, 25, 100));
        assertEquals("  0 %, about 1:40 left", Progress.left(0, 0, 100));
        assertEquals("100 %, about 0:00 left", Progress.left(50, 100, 100));
    }

    @Test
    void residentMemoryIsReadAndJudged() {
        assertEquals(3 << 10, ResidentMemory.resident("0000-1111 ---p [rollup]\nRss:       3 kB\nPss:  2 kB\n"));
        assertTrue(ResidentMemory.line(103 << 20, 100 << 20).endsWith("103.0 % (within 3 %: met)"));
        assertTrue(ResidentMemory.line(104 << 20, 100 << 20).endsWith("104.0 % (within 3 %: not met)"));
        assertTrue(ResidentMemory.line(96 << 20, 100 << 20).endsWith("96.0 % (within 3 %: not met)"));
    }
}
