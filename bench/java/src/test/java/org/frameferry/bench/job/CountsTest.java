// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.frameferry.bench.BenchFailure;
import org.frameferry.bench.results.Measurement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is counted, how it is told from process to process, and what is made of it. */
class CountsTest {
    private static final Sent SENT = new Sent(1000, 0.5, 80);

    @Test
    void numbersThatDoNotRiseAreOutOfOrder() {
        Tally tally = new Tally();
        for (int number : new int[] {1, 2, 5, 5, 4, 6}) {
            tally.take(number, Tally.LENGTH);
        }
        assertEquals(new Snapshot(6, 2, 0, 7, 8), tally.snapshot(7, 8));
    }

    @Test
    void otherLengthsAreMalformed() {
        Tally tally = new Tally();
        tally.take(1, Tally.LENGTH - 1);
        tally.take(2, Tally.LENGTH);
        tally.take(3, Tally.LENGTH + 1);
        assertEquals(new Snapshot(3, 0, 2, 0, 0), tally.snapshot(0, 0));
    }

    @Test
    void aSnapshotIsALine() {
        Snapshot snapshot = new Snapshot(1, 2, 3, 4_000_000_000L, 5_000_000_000L);
        assertEquals(snapshot, Snapshot.parse(snapshot.line()));
        assertEquals(new Snapshot(9, 8, 7, 6, 5), new Snapshot(10, 10, 10, 10, 10).since(new Snapshot(1, 2, 3, 4, 5)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "counted", "counted 1 2 3 4", "counted 1 2 3 4 x", "count 1 2 3 4 5"})
    void anotherLineIsRefused(String line) {
        assertThrows(IllegalArgumentException.class, () -> Snapshot.parse(line));
    }

    @Test
    void whatTheSenderSays() {
        assertEquals(new Sent(3, 1.5, 90), Sent.parse("{\"sender\":\"udp_send\",\"sent\":3,\"seconds\":1.5}", 90));
        assertEquals(2, new Sent(3, 1.5, 90).perSecond());
        assertThrows(IllegalArgumentException.class, () -> Sent.parse("{\"sent\":\"many\"}", 90));
        assertThrows(IllegalArgumentException.class, () -> Sent.parse("nothing", 90));
    }

    @Test
    void whatTheLoopInCSays() throws IOException {
        assertEquals(new Snapshot(2, 0, 0, 50, 50), NativeRun.parse(
                "{\"datagrams\":2,\"bytes\":128,\"outOfOrder\":0,\"cpuNs\":50}"));
        assertEquals(new Snapshot(2, 1, 2, 50, 50), NativeRun.parse(
                "{\"datagrams\":2,\"bytes\":129,\"outOfOrder\":1,\"cpuNs\":50}"));
    }

    @Test
    void lossAndCpu() {
        Sample sample = new Sample(SENT, new Snapshot(900, 0, 0, 100_000_000, 200_000_000)).checked("someone");
        assertEquals(10, sample.loss(), 1e-9);
        assertEquals(9000, sample.perCpuSecond(), 1e-9);
        assertEquals(4500, sample.wholeProcess(), 1e-9);
        assertEquals(20, sample.busy(), 1e-9);
    }

    @Test
    void aMeasurementHasTheMedians() {
        Measurement measurement = JobBench.measurement(Contestant.NIO, List.of(
                new Sample(SENT, new Snapshot(1000, 0, 0, 100_000_000, 200_000_000)),
                new Sample(SENT, new Snapshot(500, 0, 0, 100_000_000, 200_000_000)),
                new Sample(SENT, new Snapshot(900, 0, 0, 100_000_000, 200_000_000))));
        assertEquals("job/udp-receive/nio/payload:64", measurement.key());
        assertEquals(List.of(10_000.0, 5_000.0, 9_000.0), measurement.samples());
        assertTrue(measurement.moreIsBetter());
        assertEquals(List.of(80.0, 80.0, 80.0), measurement.roundTrips());
        assertEquals(10, measurement.figures().get("loss"), 1e-9);
        assertEquals(2000, measurement.figures().get("offered"), 1e-9);
    }

    @Test
    void whatWasNotSentFails() {
        for (Snapshot wrong : List.of(new Snapshot(900, 1, 0, 1, 1), new Snapshot(900, 0, 1, 1, 1),
                new Snapshot(1001, 0, 0, 1, 1), new Snapshot(0, 0, 0, 1, 1))) {
            Sample sample = new Sample(SENT, wrong);
            assertTrue(assertThrows(BenchFailure.class, () -> sample.checked("someone")).getMessage()
                    .startsWith("someone received " + wrong.received() + " of 1000"));
        }
    }
}
