// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.DoubleStream;
import org.frameferry.bench.Figure;
import org.junit.jupiter.api.Test;

/** When there is a ratio, when only a bound, and when none; and what is said of what was aimed at. */
class RatioTest {
    private static Figure figure(double... turns) {
        return new Figure(DoubleStream.of(turns).boxed().toList(), Double.NaN);
    }

    private static DriverRun lost(long frames, long of) {
        return Recorded.run("C", "any", "real", "constant", 1, of, frames, 0, 1);
    }

    @Test
    void roundsAreComparedOneByOne() {
        assertEquals(new Ratio(8, false), Ratio.of(figure(80, 160, 90), figure(10, 20, 10)));
    }

    @Test
    void whatWasNotMeasuredHasNoRatio() {
        assertFalse(Ratio.of(null, figure(1)).known());
        assertFalse(Ratio.of(figure(1), null).known());
        assertFalse(Ratio.without(null, figure(1), figure(1)).known());
        assertEquals("", Ratio.NONE.text());
    }

    @Test
    void whatIsInBothIsTakenOffBoth() {
        assertEquals(new Ratio(60, false), Ratio.without(figure(4, 8, 4), figure(124, 248, 104), figure(6, 12, 6)));
    }

    @Test
    void whatCannotBeToldFromNothingKeepsTheTransport() {
        Ratio ratio = Ratio.without(figure(5, 5, 5), figure(105, 105, 105), figure(4, 10, 10));
        assertEquals(new Ratio(10, true), ratio);
        assertEquals("at least 10.0 x", ratio.text());
        assertEquals(">= 10.0 x", ratio.shortText());
    }

    @Test
    void aTransportLargerThanTheWholeIsNoCost() {
        assertEquals(new Ratio(20, true), Ratio.without(figure(5, 5, 5), figure(85, 85, 85), figure(4, 4, 4)));
    }

    @Test
    void aBaselineThatIsAllTransportHasNoRatio() {
        assertFalse(Ratio.without(figure(5, 5, 5), figure(4, 5, 6), figure(5.5, 5.5, 5.5)).known());
    }

    @Test
    void beyondAThousandNothingIsExact() {
        assertEquals(new Ratio(1000, true), Ratio.without(figure(1, 1), figure(101, 101), figure(1.01, 1.01)));
    }

    @Test
    void aFewBadRoundsOfManyDoNotMakeAMedianUncertain() {
        double[] rounds = new double[15];
        java.util.Arrays.fill(rounds, 1);
        rounds[0] = rounds[1] = rounds[2] = -1;
        assertTrue(Ratio.certain(figure(rounds)));
        rounds[3] = -1;
        assertFalse(Ratio.certain(figure(rounds)));
    }

    @Test
    void aDriverThatLostNothingCountsAsIfItHadLostOneFrame() {
        Ratio ratio = Ratio.ofLosses(List.of(lost(310, 1000)), List.of(lost(0, 1000)));
        assertEquals(310, ratio.times(), 1e-9);
        assertTrue(ratio.atLeast());
    }

    @Test
    void aDriverThatLostSomeIsComparedAsItIs() {
        Ratio ratio = Ratio.ofLosses(List.of(lost(300, 1000), lost(400, 1000), lost(500, 1000)),
                List.of(lost(0, 1000), lost(2, 1000), lost(2, 1000)));
        assertEquals(250, ratio.times(), 1e-9);
        assertFalse(ratio.atLeast());
    }

    @Test
    void whereNobodyLostAnythingThereIsNoRatio() {
        assertFalse(Ratio.ofLosses(List.of(lost(0, 1000)), List.of(lost(0, 1000))).known());
        assertFalse(Ratio.ofLosses(List.of(), List.of(lost(0, 1000))).known());
    }

    @Test
    void whatTheMachineWithheldIsNoLossAndNotJudged() {
        DriverRun run = Recorded.run("C", "any", "real", "constant", 1, 1100, 10, 100, 1);
        assertEquals(0.01, run.loss());
        assertEquals(0.001, run.oneFrame());
        DriverRun all = Recorded.run("C", "any", "real", "constant", 1, 100, 0, 100, 1);
        assertTrue(Double.isNaN(all.loss()));
        assertFalse(Ratio.ofLosses(List.of(lost(1, 10)), List.of(all)).known());
    }

    @Test
    void whatWasAimedAtIsMetOrItIsSaidByHowMuchNot() {
        assertEquals("at least 40 x: met", Goal.atLeast(40, new Ratio(40, false)).line());
        assertEquals("at least 40 x: met", Goal.atLeast(40, new Ratio(41, true)).line());
        assertEquals("at least 40 x: not met, 30.0 x is 25.0 % less", Goal.atLeast(40, new Ratio(30, false)).line());
        assertEquals("at least 40 x: not known, at least 30.0 x is all that can be told",
                Goal.atLeast(40, new Ratio(30, true)).line());
        assertEquals("at least 5.3 x: not measured", Goal.atLeast(5.3, Ratio.NONE).line());
        assertEquals("NAPI at most 0.12 %: met", Goal.atMost("NAPI", 0.12, 0.12).line());
        assertEquals("NAPI at most 0.12 %: not met, 0.50 % is 0.38 points more", Goal.atMost("NAPI", 0.12, 0.5).line());
        assertEquals("CPU at least 17 % less: not met, 16.5 % less is 0.50 points short",
                Goal.less("CPU", 17, 16.5).line());
        assertEquals("loss within 1 of 31 %: met", Goal.near("loss", 31, 1, 30).line());
        assertEquals("loss within 1 of 31 %: not met, 33.0 % is 2.00 points off", Goal.near("loss", 31, 1, 33).line());
        assertEquals("loss within 1 of 31 %: not measured", Goal.near("loss", 31, 1, Double.NaN).line());
    }
}
