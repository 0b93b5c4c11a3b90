// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the native programs and cachegrind print: read, or refused; and what they are asked. */
class NativeOutputTest {
    private static final String RUN = Recorded.json("C", "napi", "virtual", "poisson", 0.5, 1000, 10, 0, 0.7);

    @Test
    void aRunIsRead() throws IOException {
        DriverRun run = DriverRun.parse(RUN.replace("\"costs\"", "\"depth\": [[1.5, 2], [11.5, 4]], \"costs\""));
        assertEquals("napi", run.driver());
        assertEquals(0.5, run.load());
        assertEquals(990, run.delivered());
        assertEquals(0.01, run.loss());
        assertEquals(1_200_000_000L, run.costs().get("hz"));
        assertEquals(List.of(new DriverRun.Depth(1.5, 2), new DriverRun.Depth(11.5, 4)), run.depth());
    }

    @ParameterizedTest
    @CsvSource({"'\"arrived\": 1000', '\"arrived\": 1001', do not add up",
            "'\"cpu\": 0.700000', '\"cpu\": \"no\"', cpu",
            "'\"driver\": \"napi\",', '', driver", "'\"dropped\": 10', '\"dropped\": -10', dropped",
            "'\"seconds\": 1.0', '\"seconds\": 0.0', do not add up", "'{\"driver\"', '\"driver\"', driver"})
    void aRunWithoutSoundFiguresIsRefused(String what, String by, String named) {
        String broken = RUN.replace(what, by);
        assertTrue(!broken.equals(RUN), what);
        String message = assertThrows(IOException.class, () -> DriverRun.parse(broken)).getMessage();
        assertTrue(message.contains(named), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[{]", "[{\"workload\": \"a\", \"threads\": 1, \"nsPerOp\": []}]",
        "[{\"threads\": 1, \"nsPerOp\": [1]}]", "[{\"workload\": \"a\", \"nsPerOp\": [1]}]"})
    void techniquesWithoutFiguresAreRefused(String text) {
        assertThrows(IOException.class, () -> Technique.parse(text));
    }

    @Test
    void whatADriverIsAskedIsWhatItsProgramReads() {
        assertEquals(List.of("--driver", "failing", "--clock", "virtual", "--arrivals", "poisson", "--line-rate",
                "1000000000", "--load", "0.500000", "--frames", "744048", "--seed", "1", "--depth"),
                DriverRequest.chapter("failing", "virtual", "poisson", 1).at(0.5, 1).noting().arguments());
    }

    @Test
    void theSweepGoesFromAnAlmostIdleLineToAFullOneByTurns() {
        List<DriverRequest> sweep = new Plan(true).sweep("real", "constant");
        assertEquals(30, sweep.size());
        assertEquals(60, new Plan(false).sweep("virtual", "poisson").size());
        assertEquals(0.05, sweep.getFirst().load());
        assertEquals(1, sweep.getLast().load());
        assertEquals(sweep.get(0).load(), sweep.get(1).load());
        assertEquals(List.of("interrupt", "napi", "moderated"), sweep.subList(0, 3).stream().map(DriverRequest::driver).toList());
    }

    @Test
    void cachegrindsTotalsAreRead() throws IOException {
        Misses few = Misses.parse("""
                ==7== D   refs:         1,000  (600 rd   + 400 wr)
                ==7== D1  misses:       1,234  (1,000 rd + 234 wr)
                ==7== LLd misses:         100  (   90 rd +  10 wr)
                ==7== LL misses:          999  (  900 rd +  99 wr)
                """);
        assertEquals(new Misses(1234, 100), few);
        assertEquals(new Misses(2.5, 0.5), Misses.difference(few, new Misses(3734, 600), 1000));
        assertThrows(IOException.class, () -> Misses.parse("==7== valgrind: no such tool"));
    }
}
