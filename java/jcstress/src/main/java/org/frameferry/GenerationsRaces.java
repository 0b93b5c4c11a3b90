// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// The end of a lease, raced: whoever ends it gives the frame back, so exactly one may.
public final class GenerationsRaces {
    private GenerationsRaces() {
    }

    /// Two threads release the same handle. 1: it went well.
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "One ends the lease.")
    @Outcome(expect = FORBIDDEN, desc = "Both do, or none.")
    @State
    public static class DoubleRelease {
        private final Generations generations = new Generations(1);
        private final long key = generations.key(0);

        @Actor
        public void one(II_Result r) {
            r.r1 = generations.end(0, key) ? 1 : 0;
        }

        @Actor
        public void two(II_Result r) {
            r.r2 = generations.end(0, key) ? 1 : 0;
        }
    }

    /// Two holders of one lease release. 1: it was the last, and gives the frame back.
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "The last one ends the lease.")
    @Outcome(expect = FORBIDDEN, desc = "The frame goes back twice, or never.")
    @State
    public static class TwoHolders {
        private final Generations generations = new Generations(1);

        public TwoHolders() {
            generations.share(0, generations.key(0));
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = generations.drop(0) ? 1 : 0;
        }

        @Actor
        public void two(II_Result r) {
            r.r2 = generations.drop(0) ? 1 : 0;
        }
    }

    /// One thread shares a lease and releases the new holder, another releases the first holder, as [Frame] does. The
    /// results: 1 gave the frame back, 0 did not, -1 found the lease ended. The third: the lease has ended.
    @JCStressTest
    @Outcome(id = "-1, 1, 1", expect = ACCEPTABLE, desc = "Released before it could be shared.")
    @Outcome(id = {"0, 1, 1", "1, 0, 1"}, expect = ACCEPTABLE, desc = "Shared; the last holder gave it back.")
    @Outcome(expect = FORBIDDEN, desc = "Given back twice, never, or under a holder.")
    @State
    public static class ShareOrRelease {
        private final Generations generations = new Generations(1);
        private final long key = generations.key(0);

        @Actor
        public void sharer(III_Result r) {
            r.r1 = !generations.share(0, key) ? -1 : generations.drop(0) ? 1 : 0;
        }

        @Actor
        public void releaser(III_Result r) {
            r.r2 = generations.end(0, key) || generations.isHeld(0, key) && generations.drop(0) ? 1 : 0;
        }

        @Arbiter
        public void ended(III_Result r) {
            r.r3 = generations.isHeld(0, key) ? 0 : 1;
        }
    }
}
