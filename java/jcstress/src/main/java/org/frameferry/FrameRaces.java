// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// Handles of frames, raced by threads that misuse them together: one wins, the others are told. The last result is always
/// 1: in the end the pool has every frame, once.
public final class FrameRaces {
    private FrameRaces() {
    }

    /// A plain lease, released twice.
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "0, 1, 1"}, expect = ACCEPTABLE, desc = "One releases, the other is told.")
    @Outcome(expect = FORBIDDEN, desc = "Both release, or none; or the frame is not back, once.")
    @State
    public static class DoubleRelease {
        private final Rig rig = Rig.take();
        private final Frame frame = rig.frame();

        @Actor
        public void one(III_Result r) {
            r.r1 = Rig.release(frame);
        }

        @Actor
        public void two(III_Result r) {
            r.r2 = Rig.release(frame);
        }

        @Arbiter
        public void audit(III_Result r) {
            r.r3 = rig.whole();
        }
    }

    /// One holder of a shared frame, released twice, while the other holds it.
    @JCStressTest
    @Outcome(id = {"1, 0, 1, 1", "0, 1, 1, 1"}, expect = ACCEPTABLE, desc = "Each holder counts once.")
    @Outcome(expect = FORBIDDEN, desc = "A holder counts twice, or the other lost its frame.")
    @State
    public static class DoubleReleaseOfAHolder {
        private final Rig rig = Rig.take();
        private final Frame frame = rig.frame();
        private final Frame other = frame.share();

        @Actor
        public void one(IIII_Result r) {
            r.r1 = Rig.release(frame);
        }

        @Actor
        public void two(IIII_Result r) {
            r.r2 = Rig.release(frame);
        }

        @Arbiter
        public void audit(IIII_Result r) {
            r.r3 = Rig.release(other);
            r.r4 = rig.whole();
        }
    }

    /// A frame, the only one that could be free, is shared while it is released. The new holder then looks for it in the
    /// pool. 1: it is not there; 2: it is, under its holder; 0: it was released before it could be shared.
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "Shared first: the frame stays with the new holder.")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "Released first: nothing to share.")
    @Outcome(expect = FORBIDDEN, desc = "A holder without its frame.")
    @State
    public static class ShareOrRelease {
        private final Rig rig = Rig.take();
        private final Frame frame = rig.frame();
        private Frame shared;
        private Frame leased;

        @Actor
        public void sharer(III_Result r) {
            try {
                shared = frame.share();
            } catch (FrameReleasedException e) {
                return;
            }
            leased = rig.pool.tryLease();
            r.r1 = leased == null ? 1 : 2;
        }

        @Actor
        public void releaser(III_Result r) {
            r.r2 = Rig.release(frame);
        }

        @Arbiter
        public void audit(III_Result r) {
            Rig.releaseAny(leased);
            Rig.releaseAny(shared);
            r.r3 = rig.whole();
        }
    }

    /// One thread adds a frame to a batch, another releases it.
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "0, 1, 1"}, expect = ACCEPTABLE, desc = "The frame goes one way.")
    @Outcome(expect = FORBIDDEN, desc = "It goes both ways, or none.")
    @State
    public static class HandOnOrRelease {
        private final Rig rig = Rig.take();
        private final Frame frame = rig.frame();
        private final FrameBatch batch = rig.pool.newBatch(1);

        @Actor
        public void adder(III_Result r) {
            r.r1 = Rig.add(batch, frame);
        }

        @Actor
        public void releaser(III_Result r) {
            r.r2 = Rig.release(frame);
        }

        @Arbiter
        public void audit(III_Result r) {
            batch.release();
            r.r3 = rig.whole();
        }
    }

    /// One holder adds its frame to a batch, which it may if the other has released it by then. It then releases it, too.
    @JCStressTest
    @Outcome(id = "1, 1, 0, 1", expect = ACCEPTABLE, desc = "The other was gone, and the batch has the frame.")
    @Outcome(id = "0, 1, 1, 1", expect = ACCEPTABLE, desc = "Too early: it still is its holder, and the last one.")
    @Outcome(expect = FORBIDDEN, desc = "The frame goes two ways, or is lost.")
    @State
    public static class HandOnOrReleaseByAnotherHolder {
        private final Rig rig = Rig.take();
        private final Frame frame = rig.frame();
        private final Frame other = frame.share();
        private final FrameBatch batch = rig.pool.newBatch(1);

        @Actor
        public void adder(IIII_Result r) {
            r.r1 = Rig.add(batch, frame);
        }

        @Actor
        public void releaser(IIII_Result r) {
            r.r2 = Rig.release(other);
        }

        @Arbiter
        public void audit(IIII_Result r) {
            r.r3 = Rig.release(frame);
            batch.release();
            r.r4 = rig.whole();
        }
    }

    /// A frame is detached from a batch while another thread releases the batch, which each binds to itself for that.
    @JCStressTest
    @Outcome(id = {"1, 1, 1", "0, 1, 1"}, expect = ACCEPTABLE, desc = "One after the other, or one was told.")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The batch belonged to the one that detached.")
    @Outcome(expect = FORBIDDEN, desc = "The frame is detached and released, or lost.")
    @State
    public static class DetachOrReleaseOfTheBatch {
        private final Rig rig = Rig.take();
        private final FrameBatch batch = rig.pool.newBatch(1);
        private Frame detached;

        public DetachOrReleaseOfTheBatch() {
            batch.add(rig.frame());
            batch.unbind();
        }

        @Actor
        public void detacher(III_Result r) {
            try {
                detached = batch.detach(0);
                batch.unbind();
                r.r1 = 1;
            } catch (WrongThreadException e) {
                r.r1 = 0;
            } catch (IndexOutOfBoundsException e) {
                batch.unbind();
            }
        }

        @Actor
        public void releaser(III_Result r) {
            try {
                batch.release();
                batch.unbind();
                r.r2 = 1;
            } catch (WrongThreadException e) {
                r.r2 = 0;
            }
        }

        @Arbiter
        public void audit(III_Result r) {
            Rig.releaseAny(detached);
            batch.release();
            r.r3 = rig.whole();
        }
    }

    /// A frame that was detached from a batch is released while another thread releases the batch with the rest.
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both are back.")
    @Outcome(expect = FORBIDDEN, desc = "A frame is lost, or twice there.")
    @State
    public static class ReleaseOfTheDetachedAndOfTheBatch {
        private final Rig rig = Rig.take();
        private final FrameBatch batch = rig.pool.newBatch(2);
        private final Frame detached;

        public ReleaseOfTheDetachedAndOfTheBatch() {
            batch.add(rig.frame());
            batch.add(rig.frame());
            detached = batch.detach(0);
            batch.unbind();
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = Rig.release(detached);
        }

        @Actor
        public void two() {
            batch.release();
        }

        @Arbiter
        public void audit(II_Result r) {
            r.r2 = rig.whole();
        }
    }
}
