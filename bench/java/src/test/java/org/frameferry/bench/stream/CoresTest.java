// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.BitSet;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pinning threads, and the round trip between two processors. */
class CoresTest {
    private static final int CALLER = 0;

    @BeforeEach
    void twoProcessors() {
        assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "needs two processors");
    }

    @Test
    void theProcessorsAreTwo() {
        assertNotEquals(Cores.FIRST, Cores.SECOND);
    }

    @Test
    void aThreadRunsWhereItWasPinned() throws Exception {
        FutureTask<BitSet> pinned = new FutureTask<>(() -> {
            Cores.pin(Cores.SECOND);
            return Cores.affinity(CALLER);
        });
        Thread.ofPlatform().start(pinned);
        BitSet second = new BitSet();
        second.set(Cores.SECOND);
        assertEquals(second, pinned.get());
    }

    @Test
    void othersRunWhereTheyDid() throws Exception {
        BitSet before = Cores.affinity(CALLER);
        Thread other = Thread.ofPlatform().start(() -> Cores.pin(Cores.SECOND));
        other.join();
        assertEquals(before, Cores.affinity(CALLER));
    }

    @Test
    void aRoundTripTakesTime() {
        assertTrue(Cores.roundTrip(1) > 0);
    }
}
