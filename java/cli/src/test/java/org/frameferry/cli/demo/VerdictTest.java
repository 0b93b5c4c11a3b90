// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sentence follows the figures, whichever way they fall. */
class VerdictTest {
    private static final int SENT = 1_000_000;

    private static Run run(String receiver, double lossPercent) {
        return run(receiver, lossPercent, 8 << 20);
    }

    private static Run run(String receiver, double lossPercent, long receiveBuffer) {
        long received = Math.round(SENT * (1 - lossPercent / 100));
        return new Run(receiver, SENT, received, 1, 600L * received, 20, receiveBuffer);
    }

    @Test
    void bothOthersLose() {
        assertEquals("Frameferry lost 0.00 % where chapter18-naive lost 34.00 % and iperf3 -s lost 28.00 %.",
                Verdict.sentence(List.of(run(Run.CHAPTER18, 34), run(Run.IPERF3, 28), run(Run.FRAMEFERRY, 0))));
    }

    @Test
    void onlyTheChapterLoses() {
        assertEquals("Frameferry lost 0.05 % where chapter18-naive lost 34.00 %; iperf3 -s lost 0.30 % only.",
                Verdict.sentence(List.of(run(Run.CHAPTER18, 34), run(Run.IPERF3, 0.3), run(Run.FRAMEFERRY, 0.05))));
    }

    @Test
    void nobodyLoses() {
        assertEquals("Frameferry lost 0.00 %, and the mystery did not show on this machine:"
                + " chapter18-naive lost 0.20 % and iperf3 -s lost 0.00 % as well.",
                Verdict.sentence(List.of(run(Run.CHAPTER18, 0.2), run(Run.IPERF3, 0), run(Run.FRAMEFERRY, 0))));
    }

    @Test
    void frameferryLosesMoreThanItShould() {
        assertEquals("Frameferry lost 3.00 %, more than the 0.12 % it should stay under; chapter18-naive lost 34.00 %;"
                + " iperf3 -s lost 2.00 %, no more than that.",
                Verdict.sentence(List.of(run(Run.CHAPTER18, 34), run(Run.IPERF3, 2), run(Run.FRAMEFERRY, 3))));
    }

    @Test
    void aSmallBufferIsNamed() {
        List<Run> runs = List.of(run(Run.IPERF3, 28), run(Run.FRAMEFERRY, 3, 212_992));
        assertEquals("Frameferry lost 3.00 %, more than the 0.12 % it should stay under, with a receive buffer of only"
                + " 208 KiB; iperf3 -s lost 28.00 %.", Verdict.sentence(runs));
        assertTrue(Verdict.buffer(runs, 8 << 20).orElseThrow().endsWith("sysctl -w net.core.rmem_max=8388608"));
        assertEquals(Optional.empty(), Verdict.buffer(List.of(run(Run.FRAMEFERRY, 3)), 8 << 20));
    }

    @Test
    void whatDidNotRunIsNotCompared() {
        assertEquals("Frameferry was not measured, so there is no verdict.",
                Verdict.sentence(List.of(run(Run.IPERF3, 28))));
        assertEquals("Frameferry lost 0.00 %; nothing else was measured to compare it with.",
                Verdict.sentence(List.of(run(Run.FRAMEFERRY, 0), run(Run.BARE_C, 0))));
    }

    @Test
    void theRatioToBareC() {
        assertEquals(Optional.of("A datagram cost Frameferry 1.10 times the CPU of the bare C loop:"
                + " the median of 3 pairs of runs, 0.90 to 2.00."), Verdict.beside(List.of(2.0, 0.9, 1.1)));
        assertEquals(Optional.empty(), Verdict.beside(List.of()));
    }
}
