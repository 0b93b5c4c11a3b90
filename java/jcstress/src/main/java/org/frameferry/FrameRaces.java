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

/// Handles of frames, raced by threads that misuse them together: one wins, the others are told.
public final class FrameRaces {
    private static final FramePool POOL = FramePool.builder().frames(1 << 17).frameSize(64).headroom(0)
            .leakTracking(LeakTracking.OFF).build();

    private FrameRaces() {
    }

    private static int release(Frame frame) {
        try {
            frame.release();
            return 1;
        } catch (FrameReleasedException e) {
            return 0;
        }
    }

    /// A plain lease, released twice.
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "One releases, the other is told.")
    @Outcome(expect = FORBIDDEN, desc = "Both release, or none.")
    @State
    public static class DoubleRelease {
        private final Frame frame = POOL.lease();

        @Actor
        public void one(II_Result r) {
            r.r1 = release(frame);
        }

        @Actor
        public void two(II_Result r) {
            r.r2 = release(frame);
        }
    }

    /// One holder of a shared frame, released twice, while the other holds it.
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "0, 1, 1"}, expect = ACCEPTABLE, desc = "Each holder counts once.")
    @Outcome(expect = FORBIDDEN, desc = "A holder counts twice, or the other lost its frame.")
    @State
    public static class DoubleReleaseOfAHolder {
        private final Frame frame = POOL.lease();
        private final Frame other = frame.share();

        @Actor
        public void one(III_Result r) {
            r.r1 = release(frame);
        }

        @Actor
        public void two(III_Result r) {
            r.r2 = release(frame);
        }

        @Arbiter
        public void other(III_Result r) {
            r.r3 = release(other);
        }
    }

    /// A frame is shared while it is released. 2: shared, and the new holder could release.
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "Shared first: both holders release.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Released first: nothing to share.")
    @Outcome(expect = FORBIDDEN, desc = "A holder without its frame.")
    @State
    public static class ShareOrRelease {
        private final Frame frame = POOL.lease();

        @Actor
        public void sharer(II_Result r) {
            try {
                r.r1 = 1 + release(frame.share());
            } catch (FrameReleasedException e) {
                r.r1 = 0;
            }
        }

        @Actor
        public void releaser(II_Result r) {
            r.r2 = release(frame);
        }
    }
}
