// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// The end of a shared lease, raced: whoever ends it gives the frame back, so exactly one may. Whole frames are too slow to hit
/// this: see [FrameRaces] for those.
public final class GenerationsRaces {
    private GenerationsRaces() {
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
}
