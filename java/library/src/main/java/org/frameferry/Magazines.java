// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ThreadLocalRandom;

/// Leases and returns of one pool, through the magazine that the current thread has in the [MagazineTable]. Any thread.
///
/// What lies in a magazine is free, and must not be lost to others: whoever finds the depot empty takes it out of other
/// threads' magazines.
final class Magazines extends MagazineTable {
    /// Looks at a magazine whose owner is inside, before another one is tried; and rounds through all of them, before a
    /// lease that always comes too late gives up.
    private static final int LOOKS = 1024;

    /// @param most magazines of platform threads, at most
    Magazines(FramePool pool, int most) {
        super(pool, most);
    }

    // ---- leasing ----

    /// Whether the lease that the current thread is about to ask for is one to time.
    boolean isLeaseTimed() {
        Magazine magazine = near();
        return magazine != null && magazine.isLeaseTimed();
    }

    /// A descriptor, if one is at hand and the lease is no sample; else 0: [#takeSlowly()] is for those.
    long take() {
        Magazine magazine = mine();
        if (magazine == null || !magazine.enter()) {
            return 0;
        }
        try {
            return magazine.pop();
        } finally {
            magazine.leave();
        }
    }

    /// The descriptor of a free frame, with [Magazine#SAMPLE] if the lease is one, or 0 when there is none.
    ///
    /// @throws ClosedException if the pool is closed
    long takeSlowly() {
        boolean last = false;
        for (int look = 0; look < LOOKS; look++) {
            Magazine magazine = enter();
            try {
                if (!magazine.isEmpty() || refill(magazine, 1)) {
                    return magazine.popSample();
                }
            } finally {
                leave(magazine);
            }
            if (last) {
                return 0;
            }
            last = !gather(); // once more after that: what was in no magazine any more may be in the depot now
        }
        return 0;
    }

    /// Adds frames to a batch. Returns how many, up to `n`: fewer when no more are free.
    ///
    /// @throws ClosedException if the pool is closed
    int take(DescriptorArray batch, int n) {
        int taken = 0;
        boolean last = false;
        for (int look = 0; look < LOOKS; look++) {
            Magazine magazine = taken == 0 ? enter() : enterUnlessClosed();
            if (magazine == null) { // closed in the middle: what we have is the caller's
                return taken;
            }
            try {
                do {
                    taken += magazine.pop(batch, n - taken);
                } while (taken < n && refill(magazine, n - taken));
            } finally {
                leave(magazine);
            }
            if (last || taken == n) {
                return taken;
            }
            last = !gather();
        }
        return taken;
    }

    private boolean refill(Magazine magazine, int wanted) {
        int result = magazine.refill(wanted);
        if (result < 0) {
            throw pool.closedException();
        }
        return result != 0;
    }

    /// As [#takeSlowly()], but waits up to so many nanoseconds until a frame comes back. An interrupt ends the wait.
    long takePatiently(long nanos) {
        return waiters.await(this::takeSlowly, nanos);
    }

    /// The current thread has just taken a sample: was it of use?
    void sampled(boolean useful) {
        Magazine magazine = mine();
        if (magazine != null) {
            magazine.sampled(useful);
        }
    }

    // ---- giving back ----

    /// Takes a frame back that nobody holds any more.
    void give(int index) {
        Magazine magazine = mine();
        if (magazine == null || !magazine.enter()) {
            giveSlowly(index);
            return;
        }
        boolean taken;
        try {
            taken = magazine.push(index);
        } finally {
            magazine.leave();
        }
        if (!taken) {
            giveSlowly(index);
        } else if (waiters.any()) {
            waiters.wakeOne();
        }
    }

    private void giveSlowly(int index) {
        Magazine near = bypassed ? mine() : near();
        boolean timed = near != null && near.isReturnTimed();
        long start = timed ? System.nanoTime() : 0;
        Magazine magazine = bypassed ? null : enterUnlessClosed();
        if (magazine != null) {
            try {
                magazine.pushSlowly(index);
            } finally {
                leave(magazine);
            }
        } else {
            if (near != null && near.owner != null) {
                near.countReturn();
            }
            NativeGate.wakePool(pool.handle(), NativeGate.giveOne(pool.handle(), index)); // or it refuses: gone with its pool
        }
        if (waiters.any()) {
            waiters.wakeOne();
        }
        if (timed) {
            pool.meter().returned(System.nanoTime() - start);
        }
    }

    /// Takes all frames of a batch back.
    void give(DescriptorArray batch) {
        Magazine magazine = enterUnlessClosed();
        if (magazine != null) {
            try {
                magazine.push(batch);
            } finally {
                leave(magazine);
            }
        } else {
            NativeGate.wakePool(pool.handle(), NativeGate.give(pool.handle(), batch, true));
        }
        if (waiters.any()) {
            waiters.wakeOne();
        }
    }

    // ---- going in and out ----

    /// A magazine that the current thread is inside of from here on: its own or a stripe.
    private Magazine enter() {
        Magazine magazine = enterUnlessClosed();
        if (magazine == null) {
            throw pool.closedException();
        }
        return magazine;
    }

    private Magazine enterUnlessClosed() {
        Thread thread = Thread.currentThread();
        for (int looks = 0; !closed; looks++) {
            Magazine magazine = mine();
            if (magazine == null && !thread.isVirtual()) {
                magazine = create(place(thread), thread);
            }
            if (magazine == null) {
                int stripe = stripe(thread, looks);
                magazine = all[stripe] != null ? all[stripe] : create(stripe, null);
            }
            if (magazine != null && (magazine.owner != null ? magazine.enter() : magazine.claim())) {
                return magazine;
            }
            pause(looks);
        }
        return null;
    }

    private static void leave(Magazine magazine) {
        if (magazine.owner != null) {
            magazine.leave();
        } else {
            magazine.unclaim();
        }
    }

    // ---- taking out of other threads' magazines ----

    /// Looks for frames in all magazines, and moves those of the first that has some to the depot. Whether to look into the
    /// depot again: not when every magazine is empty, and nobody inside. What somebody is just moving is not free for a moment,
    /// but will be.
    boolean gather() {
        boolean again = false;
        int start = ThreadLocalRandom.current().nextInt(all.length); // or the same one would be emptied every time
        for (int i = 0; i < all.length; i++) {
            Magazine magazine = all[(start + i) % all.length];
            if (magazine == null || magazine.isEmpty() && !magazine.isOccupied()) {
                continue;
            }
            again = true;
            if (!magazine.isEmpty() && magazine.claim()) {
                int frames = vacate(magazine, LOOKS) ? magazine.flush() : 0;
                magazine.unclaim();
                if (frames != 0) {
                    return true;
                }
            }
        }
        if (again) {
            Thread.yield();
        }
        return again;
    }
}
