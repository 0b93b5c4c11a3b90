// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The table, to the letter. */
class RunTableTest {
    private static final List<Run> RUNS = List.of(
            new Run(Run.CHAPTER18, 3_000_000, 2_000_000, 5, 8_000_000_000L, 1, 8 << 20),
            new Run(Run.IPERF3, 3_200_000, 2_400_000, 5, 4_800_000_000L, 1, 106_496),
            new Run(Run.FRAMEFERRY, 4_000_000, 4_000_000, 5, 2_400_000_000L, 31.25, 8 << 20));

    @Test
    void everyRowStandsUnderTheSameHeadings() {
        assertEquals("""
                                                                             CPU % CPU ns per frames per   receive
                  receiver                 sent    received      lost  Mb/s   of 1   datagram   crossing    buffer
                  ------------------------------------------------------------------------------------------------
                  chapter18-naive     3,000,000   2,000,000   33.33 %   205    160      4,000        1.0     8 MiB
                    in chapter 18     5,950,000   4,100,000    31.1 %   599     95
                  iperf3 -s           3,200,000   2,400,000   25.00 %   246     96      2,000        1.0   104 KiB
                  frameferry          4,000,000   4,000,000    0.00 %   410     48        600       31.3     8 MiB
                    in chapter 18     9,850,000   9,838,000    0.12 %  1020     68
                """.lines().toList(), RunTable.lines(RUNS));
    }

    @Test
    void fitsATerminal() {
        Run huge = new Run(Run.CHAPTER18, 3_600_000_000L, 3_599_999_999L, 3600, 7_000_000_000_000L, 999.9, 1 << 30);
        assertTrue(RunTable.lines(List.of(huge)).stream().allMatch(line -> line.length() <= 100));
    }

    @Test
    void aLossIsNeverShownAsNone() {
        assertEquals("0.00 %", RunTable.percent(0));
        assertEquals("<0.01 %", RunTable.percent(0.00001));
        assertEquals("0.01 %", RunTable.percent(0.005));
        assertEquals("100.00 %", RunTable.percent(100));
    }

    @Test
    void aReceiverThatGotNothingHasARow() {
        Run nothing = new Run(Run.BARE_C, 0, 0, 0, 0, 0, 0);
        assertEquals("bare C loop                 0           0    0.00 %     0      0          0        0.0       0 B",
                RunTable.lines(List.of(nothing)).getLast().strip());
    }
}
