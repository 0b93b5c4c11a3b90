// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.frameferry.bench.BenchFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The other thread of a stream does as it is told, and tells why it could not. */
class PartnerTest {
    @BeforeEach
    void twoProcessors() {
        assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "needs two processors");
    }

    @Test
    void ordersFollowOneAnother() {
        List<Long> seen = new ArrayList<>();
        Partner.Task notes = (from, to, self) -> seen.addAll(List.of(from, to));
        try (Partner partner = new Partner(notes, Cores.SECOND, 7)) {
            partner.begin(3);
            partner.await();
            partner.begin(5);
            partner.await();
        }
        assertEquals(List.of(7L, 10L, 10L, 15L), seen);
    }

    @Test
    void whoRestsObeysAfterwards() {
        List<Long> seen = new ArrayList<>();
        Partner.Task notes = (from, to, self) -> seen.addAll(List.of(from, to));
        try (Partner partner = new Partner(notes, Cores.SECOND, 0)) {
            partner.rest();
            partner.resume();
            partner.begin(2);
            partner.await();
            partner.rest();
        }
        assertEquals(List.of(0L, 2L), seen);
    }

    @Test
    void aFailureEndsTheRun() {
        Partner.Task fails = (from, to, self) -> {
            throw new BenchFailure("on purpose");
        };
        try (Partner partner = new Partner(fails, Cores.SECOND, 0)) {
            partner.begin(1);
            assertThrows(BenchFailure.class, partner::await);
        }
    }
}
