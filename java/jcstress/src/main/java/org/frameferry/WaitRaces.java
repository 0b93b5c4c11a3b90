// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// Leases that wait: a frame that is free must come to them, wherever it lies and whoever moves it. 1: a lease came; 2: only
/// after its patience had run out. A wake-up that is lost is not seen here, because waiters look by themselves as well:
/// [MagazineRaces.ReturnOrWait] is for that. The last result is always 1: in the end the pool has every frame, once.
public final class WaitRaces {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private WaitRaces() {
    }

    private static int outcome(long begin) {
        return System.nanoTime() - begin < PATIENCE.toNanos() ? 1 : 2;
    }

    /// The frame comes back, to its thread's magazine, while another thread begins to wait for one.
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The waiter gets the frame.")
    @Outcome(expect = FORBIDDEN, desc = "It sleeps beside the frame.")
    @State
    public static class ReturnOrWait {
        private final Rig rig = Rig.take();
        private final Frame frame = rig.frame();
        private Frame leased;

        @Actor
        public void owner() {
            frame.release();
        }

        @Actor
        public void waiter(II_Result r) {
            long begin = System.nanoTime();
            leased = rig.pool.lease(PATIENCE);
            r.r1 = outcome(begin);
        }

        @Arbiter
        public void audit(II_Result r) {
            leased.release();
            r.r2 = rig.whole();
        }
    }

    /// Two frames are free, in one thread's magazine, and two threads want one each: whichever moves the frames must not
    /// hide the second from the other.
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "Both get one.")
    @Outcome(expect = FORBIDDEN, desc = "One sleeps beside a frame.")
    @State
    public static class TwoFramesForTwo {
        private final Rig rig = Rig.take();
        private Frame first;
        private Frame second;

        public TwoFramesForTwo() {
            Frame one = rig.frame();
            rig.frame().release();
            one.release();
        }

        @Actor
        public void one(III_Result r) {
            long begin = System.nanoTime();
            first = rig.pool.lease(PATIENCE);
            r.r1 = outcome(begin);
        }

        @Actor
        public void two(III_Result r) {
            long begin = System.nanoTime();
            second = rig.pool.lease(PATIENCE);
            r.r2 = outcome(begin);
        }

        @Arbiter
        public void audit(III_Result r) {
            first.release();
            second.release();
            r.r3 = rig.whole();
        }
    }
}
