// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.frameferry.bench.chapter18.Claim.Line;
import org.frameferry.bench.chapter18.Measurements.Purpose;
import org.junit.jupiter.api.Test;

/** The six claims, reckoned from what the native programs print. */
class ClaimsTest {
    private static void line(Claim claim, int i, String title, double times, Goal.Verdict verdict) {
        Line line = claim.lines().get(i);
        assertEquals(title, line.title());
        assertEquals(times, line.ratio().times(), 1e-9, title);
        assertEquals(verdict, line.goals().isEmpty() ? null : line.goals().getFirst().verdict(), title);
    }

    @Test
    void ring() throws IOException {
        Claim ring = TechniqueClaims.ring(Recorded.techniques());
        line(ring, 0, "one at a time", 8, Goal.Verdict.MET);
        line(ring, 1, "bursts of 64", 20, Goal.Verdict.MISSED);
        line(ring, 2, "bursts of 64, 8192 slots", 40, null);
        line(ring, 3, "the chapter's own ring", 2, null);
        assertEquals(180, ring.head().baseline().more().get("cycles"));
        assertFalse(ring.lines().get(1).improved().more().containsKey("cycles"));
        assertTrue(ring.shortfall().startsWith(
                "bursts of 64: at least 27 x was aimed at, 20.0 x is 25.9 % less. "), ring.shortfall());
    }

    @Test
    void poolWithItsTransportTakenOff() throws IOException {
        Claim pool = TechniqueClaims.pool(Recorded.pool());
        line(pool, 0, "across threads, transport taken off", 60, Goal.Verdict.MET);
        assertEquals(120, pool.head().baseline().figure().median());
        assertEquals(2, pool.head().improved().figure().median());
        line(pool, 1, "the pool without a magazine", 25, null);
        assertTrue(pool.lines().get(1).ratio().atLeast());
        assertTrue(pool.lines().get(1).remark().contains("cannot be told from nothing"));
        line(pool, 3, "one thread, bursts of 64", 15, null);
        line(pool, 4, "one thread, frame by frame", 2.5, null);
        assertEquals("", pool.shortfall());
    }

    @Test
    void batch() throws IOException {
        Claim batch = TechniqueClaims.batch(Recorded.techniques());
        line(batch, 0, "32 the chapter's way", 1.5, Goal.Verdict.MISSED);
        line(batch, 1, "32 with one release", 3, Goal.Verdict.MET);
        line(batch, 2, "on the chapter's own rings", 1.6, null);
        line(batch, 3, "the chapter's rings against ours", 4, null);
        line(batch, 4, "with a magazine", 2.5, null);
        line(batch, 6, "one thread, one release", 2, null);
    }

    @Test
    void headersOfTheLargestFirstThenTheCurve() throws IOException {
        Claim headers = TechniqueClaims.headers(Recorded.techniques());
        line(headers, 0, "9000 bytes", 80, Goal.Verdict.MET);
        line(headers, 1, "64 bytes", 2, null);
        assertEquals(2, headers.lines().size());
    }

    @Test
    void missesStandBesideTheWorkloadTheyWereCountedIn() throws IOException {
        Measurements m = Recorded.techniques();
        m.addTechniques(List.of(m.technique("batch.one.same:64").with(new Misses(2.5, 0.25)),
                m.technique("headers.move:9000").with(new Misses(280, 0))));
        Line ofTwoThreads = TechniqueClaims.batch(m).lines().get(0);
        assertEquals(2.5, ofTwoThreads.baseline().more().get("d1Misses"));
        assertEquals(0.25, ofTwoThreads.baseline().more().get("llMisses"));
        assertFalse(ofTwoThreads.improved().more().containsKey("d1Misses"));
        assertEquals(2.5, TechniqueClaims.batch(m).lines().get(6).baseline().more().get("d1Misses"));
        assertEquals(280, TechniqueClaims.headers(m).head().baseline().more().get("d1Misses"));
    }

    @Test
    void napiSaysWhatItsRateIsLimitedBy() throws IOException {
        Claim napi = DriverClaims.napi(Recorded.all().runs(Purpose.CLAIM));
        assertEquals(999.0 / 690, napi.head().ratio().times(), 1e-9);
        List<Goal> loss = napi.lines().get(1).goals();
        assertEquals(List.of(Goal.Verdict.MET, Goal.Verdict.MET), loss.stream().map(Goal::verdict).toList());
        assertEquals(Goal.Verdict.MET, napi.lines().get(2).goals().getFirst().verdict());
        assertEquals("CPU at least 28 % less: not met, 20.0 % less is 8.00 points short",
                napi.lines().get(6).goals().getFirst().line());
        assertTrue(napi.note().contains("1.449") && napi.note().contains("the limit 1.449"), napi.note());
        assertTrue(napi.note().endsWith("frame 160, interrupt 1000 at 1.20 GHz."), napi.note());
    }

    @Test
    void driverInBothClocksAndWhateverLanguage() throws IOException {
        Measurements m = Recorded.all();
        m.add(Purpose.CLAIM, Recorded.run("Java", "failing", "virtual", "constant", 1, 1000, 300, 0, 1));
        m.add(Purpose.CLAIM, Recorded.run("Java", "optimised", "virtual", "constant", 1, 1000, 2, 0, 1));
        Claim driver = DriverClaims.driver(m.runs(Purpose.CLAIM));
        line(driver, 0, "virtual time, constant", 310, Goal.Verdict.MET);
        line(driver, 1, "virtual time, Poisson", 310, Goal.Verdict.MET);
        line(driver, 2, "real time, constant", 400, Goal.Verdict.MET);
        line(driver, 3, "consumed in Java, virtual time, constant", 150, Goal.Verdict.MISSED);
        assertFalse(driver.lines().get(4).ratio().known());
        assertTrue(driver.lines().get(2).remark().endsWith("optimised 1 of 1,000; stalls of the machine withheld 0 and"
                + " 100 more, which count for neither."), driver.lines().get(2).remark());
        assertEquals(100, driver.lines().get(2).improved().more().get("stalled"));
    }

    @Test
    void nothingIsMadeUpForWhatWasNotMeasured() {
        Report empty = Report.of(Recorded.MACHINE, new Measurements());
        assertEquals(List.of("ring", "pool", "batch", "napi", "headers", "driver"),
                empty.claims().stream().map(Claim::id).toList());
        for (Claim claim : empty.claims()) {
            for (Line line : claim.lines()) {
                assertFalse(line.ratio().known(), line.title());
                assertEquals("", line.baseline().text(line.unit()) + line.improved().text(line.unit()));
                line.goals().forEach(goal -> assertEquals(Goal.Verdict.UNKNOWN, goal.verdict()));
            }
            assertEquals("", claim.shortfall());
        }
    }
}
