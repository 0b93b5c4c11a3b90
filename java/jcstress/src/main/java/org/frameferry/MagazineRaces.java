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
import org.openjdk.jcstress.infra.results.I_Result;

/// Magazines, entered by their owner's plain stores and claimed by others: one frame, which one thread may get.
public final class MagazineRaces {
    private static final FramePool POOL = FramePool.builder().frames(64).frameSize(64).build();
    private static final Thread ALIVE = Thread.currentThread();

    private MagazineRaces() {
    }

    /// With room for two frames. Its owner is a thread that lives: nobody asks whether it is the current one.
    private static Magazine magazine(Thread owner) {
        Magazine magazine = new Magazine(POOL.handle(), Descriptor.fresh(64), owner);
        magazine.tune(1, 0, 0);
        return magazine;
    }

    private static int asOwner(Magazine magazine) {
        if (!magazine.enter()) {
            return 0;
        }
        long descriptor = magazine.pop();
        magazine.leave();
        return descriptor != 0 ? 1 : 0;
    }

    private static int asClaimer(Magazine magazine) {
        if (!magazine.claim()) {
            return 0;
        }
        long descriptor = 0;
        if (MagazineTable.vacate(magazine, 0)) {
            descriptor = magazine.pop();
        }
        magazine.unclaim();
        return descriptor != 0 ? 1 : 0;
    }

    /// The owner leases while another thread takes what the magazine holds.
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "One gets the frame.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING, desc = "Each sees the other, and both step back.")
    @Outcome(expect = FORBIDDEN, desc = "Both get the frame.")
    @State
    public static class OwnerOrClaimer {
        private final Magazine magazine = magazine(ALIVE);

        public OwnerOrClaimer() {
            magazine.push(7);
        }

        @Actor
        public void owner(II_Result r) {
            r.r1 = asOwner(magazine);
        }

        @Actor
        public void claimer(II_Result r) {
            r.r2 = asClaimer(magazine);
        }
    }

    /// The owner gives a second frame back while another thread takes one. What is left is counted afterwards.
    @JCStressTest
    @Outcome(id = {"1, 1, 1", "1, 0, 2", "0, 1, 0", "0, 0, 1"}, expect = ACCEPTABLE, desc = "Each frame is in one place.")
    @Outcome(expect = FORBIDDEN, desc = "A frame is lost, or in two places.")
    @State
    public static class GiveOrTake {
        private final Magazine magazine = magazine(ALIVE);

        public GiveOrTake() {
            magazine.push(7);
        }

        @Actor
        public void owner(III_Result r) {
            if (magazine.enter()) {
                r.r1 = magazine.push(8) ? 1 : 0;
                magazine.leave();
            }
        }

        @Actor
        public void claimer(III_Result r) {
            r.r2 = asClaimer(magazine);
        }

        @Arbiter
        public void rest(III_Result r) {
            while (magazine.pop() != 0) {
                r.r3++;
            }
        }
    }

    /// Two virtual threads at one stripe.
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "One gets the frame.")
    @Outcome(expect = FORBIDDEN, desc = "Both get it, or none does.")
    @State
    public static class Stripe {
        private final Magazine magazine = magazine(null);

        public Stripe() {
            magazine.push(7);
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = asClaimer(magazine);
        }

        @Actor
        public void two(II_Result r) {
            r.r2 = asClaimer(magazine);
        }
    }

    /// The owner gives a frame back while another thread begins to wait for one, which it does for half a minute if its
    /// wake-up is lost: it does not look by itself here. 2: it did.
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The waiter gets the frame.")
    @Outcome(expect = FORBIDDEN, desc = "It sleeps beside the frame.")
    @State
    public static class ReturnOrWait {
        private static final Duration PATIENCE = Duration.ofSeconds(30);

        private final Magazine magazine = magazine(ALIVE);
        private final Waiters waiters = new Waiters();

        public ReturnOrWait() {
            waiters.lookAfter(PATIENCE.toNanos());
        }

        @Actor
        public void owner() {
            while (!magazine.enter()) {
                Thread.onSpinWait();
            }
            magazine.push(7);
            magazine.leave();
            if (waiters.any()) {
                waiters.wakeOne();
            }
        }

        @Actor
        public void waiter(I_Result r) {
            long begin = System.nanoTime();
            r.r1 = (int) waiters.await(this::look, PATIENCE.toNanos());
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                r.r1 = 2;
            }
        }

        private long look() {
            return magazine.isEmpty() ? 0 : claimSurely();
        }

        private long claimSurely() {
            while (!magazine.claim()) {
                Thread.onSpinWait();
            }
            MagazineTable.vacate(magazine, -1);
            long descriptor = magazine.pop();
            magazine.unclaim();
            return descriptor != 0 ? 1 : 0;
        }
    }
}
