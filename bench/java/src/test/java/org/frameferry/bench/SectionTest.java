// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table, to the letter, and the arithmetic under it. */
class SectionTest {
    private static final Aim FAST = new Aim.AtMost(12);
    private static final Aim FASTER = new Aim.AtLeast(8);
    private static final Aim LEAN = new Aim.NoBytes();

    private static Figure figure(double... turns) {
        return new Figure(DoubleStream.of(turns).boxed().toList(), Double.NaN);
    }

    private static Figure figure(List<Double> turns, double bytes) {
        return new Figure(turns, bytes);
    }

    @Test
    void aForkCountsByItsMedianAndAFigureIsTheMedianOfForks() {
        Figure figure = Figure.of(List.of(new double[] {1, 900, 2}, new double[] {7, 5, 6}, new double[] {3, 4}),
                List.of(24.0, 0.0, 16.0));
        assertEquals(new Figure(List.of(2.0, 6.0, 3.5), 16), figure);
        assertEquals(3.5, figure.median());
        assertEquals("2.00..6.00", figure.spread());
    }

    @Test
    void ofManyTurnsTheOutermostAreNoSpread() {
        double[] turns = IntStream.rangeClosed(0, 100).asDoubleStream().toArray();
        turns[50] = 1e6;
        turns[51] = -1e6;
        assertEquals("4.00..96.0", figure(turns).spread());
    }

    @Test
    void whatWasMeasuredInTurnIsCompared() {
        Figure ours = figure(10, 50, 10, 50);
        assertEquals(4, figure(40, 200, 30, 300).times(ours)); // the cores were far from each other every other turn
        assertEquals(List.of(8.0, 40.0), ours.less(figure(2, 10)).turns());
    }

    @Test
    void whatCostsNothingIsManyTimesCheaper() {
        Section section = new Section("C", List.of("ours", "theirs"), List.of(1),
                List.of(new Section.Workload("one", List.of("a", "b"), "way", List.of(FASTER))));
        assertEquals(List.of("  one                                           -1.00         50.0     >1,000 x",
                "    at least 8 x: met"), section.lines(Map.of("a", figure(4), "b", figure(55), "way", figure(5)))
                .subList(2, 4));
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
        assertEquals("0 B a frame, rounded: met", LEAN.verdict(figure(List.of(1.0), 0.49), rivals));
        assertEquals("0 B a frame, rounded: not met", LEAN.verdict(figure(List.of(1.0), 0.5), rivals));
    }

    @Test
    void nothingIsMetThatWasNotMeasured() {
        assertEquals("at most 12 ns: not measured", FAST.verdict(null, List.of(figure(1))));
        assertEquals("at most 12 ns: met", FAST.verdict(figure(1), List.of()));
        assertEquals("at least 8 x: not measured", FASTER.verdict(figure(1), Arrays.asList(figure(9), null)));
    }

    @Test
    void everyRowStandsUnderTheSameHeadings() {
        Section section = new Section("Java, ns a frame", List.of("Frameferry", "Netty", "Arena"), List.of(1), List.of(
                new Section.Workload("one", List.of("a", "b", "c"), "", List.of(FAST, FASTER, LEAN)),
                new Section.Workload("one, less", List.of("a", "b", ""), "way", List.of()),
                new Section.Workload("other", List.of("x", "b", "c"), "", List.of(FAST)),
                new Section.Workload("quick", List.of("q", "q", ""), "", List.of(FAST))));
        Map<String, Figure> figures = Map.of("a", figure(List.of(9.5, 9.996, 10.04), 0), "b",
                figure(List.of(96.2, 99.96, 1234.5), 24), "c", figure(List.of(70.0, 71.25, 72.0), 144),
                "way", figure(List.of(1.5, 1.5, 1.5), 0), "q", figure(5));
        assertEquals("""
                  Java, ns a frame                         Frameferry        Netty        Arena
                  ------------------------------------------------------------------------------------------
                  one                                            10.0          100         71.3       10.1 x
                    at most 12 ns: met                     9.50..10.0  96.2..1,235   70.0..72.0
                    at least 8 x: met                             0 B       24.0 B        144 B
                    0 B a frame, rounded: met
                  one, less                                      8.50         98.5                    11.8 x
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
        List<Section> sections = PoolWorkloads.sections(true);
        for (Section section : sections) {
            for (Section.Workload w : section.workloads()) {
                assertEquals(section.columns().size(), w.keys().size(), w.title());
                assertFalse(w.keys().getFirst().isEmpty(), w.title());
                w.keys().forEach(key -> figures.put(key, figure(List.of(12_345.6, 12_345.6, 99_999.9), 1_234)));
            }
        }
        for (Section section : sections) {
            List<String> lines = section.lines(figures);
            lines.forEach(line -> assertTrue(line.length() <= 120 && !line.contains("not measured"), line));
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
