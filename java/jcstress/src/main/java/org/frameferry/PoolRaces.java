// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// Leases of a whole pool, raced with each other, with what gives frames back, and with its end. The last result is always
/// 1: in the end the pool has every frame, once.
public final class PoolRaces {
    private PoolRaces() {
    }

    /// Two threads want the one free frame, which lies in the magazine of one of them.
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "0, 1, 1"}, expect = ACCEPTABLE, desc = "One gets the frame.")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE_INTERESTING, desc = "One has it on its way, and loses it to nobody.")
    @Outcome(expect = FORBIDDEN, desc = "Both get the frame, or it is lost.")
    @State
    public static class LastFrame {
        private final Rig rig = Rig.take();
        private Frame first;
        private Frame second;

        public LastFrame() {
            rig.frame().release();
        }

        @Actor
        public void one(III_Result r) {
            first = rig.pool.tryLease();
            r.r1 = first != null ? 1 : 0;
        }

        @Actor
        public void two(III_Result r) {
            second = rig.pool.tryLease();
            r.r2 = second != null ? 1 : 0;
        }

        @Arbiter
        public void audit(III_Result r) {
            Rig.releaseAny(first);
            Rig.releaseAny(second);
            r.r3 = rig.whole();
        }
    }

    /// A batch is released while another thread, which finds no frame, looks through the magazines.
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 1", "2, 1", "3, 1"}, expect = ACCEPTABLE, desc = "It gets what is there already.")
    @Outcome(expect = FORBIDDEN, desc = "A frame is twice, or lost.")
    @State
    public static class BatchOrGather {
        private final Rig rig = Rig.take();
        private final FrameBatch released = rig.pool.newBatch(3);
        private final FrameBatch leased = rig.pool.newBatch(4);

        public BatchOrGather() {
            for (int i = 0; i < released.capacity(); i++) {
                released.add(rig.frame());
            }
            released.unbind();
        }

        @Actor
        public void releaser() {
            released.release();
        }

        @Actor
        public void lessee(II_Result r) {
            r.r1 = rig.pool.lease(leased, leased.capacity());
            leased.unbind();
        }

        @Arbiter
        public void audit(II_Result r) {
            leased.release();
            r.r2 = rig.whole();
        }
    }

    /// A pool is closed while a frame is leased. Lease, close: 1, it succeeded; 0, it was refused as documented; -1, it was
    /// not.
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "Leased, so the pool stays open.")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "Closed, so there is nothing to lease.")
    @Outcome(expect = FORBIDDEN, desc = "A lease of a closed pool, or both are refused.")
    @State
    public static class LeaseOrClose {
        private final FramePool pool = FramePool.builder().frames(Rig.FRAMES).frameSize(64).headroom(0).bridges(1).build();
        private Frame frame;

        @Actor
        public void lessee(III_Result r) {
            try {
                frame = pool.tryLease();
                r.r1 = frame != null ? 1 : -1;
            } catch (ClosedException e) {
                r.r1 = 0;
            }
        }

        @Actor
        public void closer(III_Result r) {
            try {
                pool.close();
                r.r2 = 1;
            } catch (LeasesOutstandingException e) {
                r.r2 = 0;
            }
        }

        /// What was refused must go well now: close throws if the frame is lost.
        @Arbiter
        public void audit(III_Result r) {
            Rig.releaseAny(frame);
            pool.close();
            r.r3 = pool.isClosed() ? 1 : 0;
        }
    }

    /// Two frames are free, in one thread's magazine, and two threads want one each: whichever moves the frames must not
    /// hide the second from the other. 2: it got one only when its patience had run out.
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "Both get one.")
    @Outcome(expect = FORBIDDEN, desc = "One sleeps beside a frame.")
    @State
    public static class TwoFramesForTwo {
        private static final Duration PATIENCE = Duration.ofSeconds(30);

        private final Rig rig = Rig.take();
        private Frame first;
        private Frame second;

        public TwoFramesForTwo() {
            Frame one = rig.frame();
            rig.frame().release();
            one.release();
        }

        private static int outcome(long begin) {
            return System.nanoTime() - begin < PATIENCE.toNanos() ? 1 : 2;
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
