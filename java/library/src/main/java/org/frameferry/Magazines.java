// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ThreadLocalRandom;

/// The magazines of one pool: one for each platform thread that leases, found by the thread's number in an array, and
/// *stripes*, which virtual threads share, chosen by their number, too. Any thread.
///
/// What lies in a magazine is free, and must not be lost to others: whoever finds the depot empty takes it out of other
/// threads' magazines; the [Keeper] takes it out of those that rest, and out of those whose thread has ended.
final class Magazines {
    /// A thread whose place another living thread has taken uses the stripes.
    static final int PLACES = 1024;

    /// Looks at a magazine whose owner is inside, before another one is tried; and rounds through all of them, before a
    /// lease that always comes too late gives up.
    private static final int LOOKS = 1024;

    private final FramePool pool;
    private final long fresh;
    private final Magazine[] all; // owned ones in PLACES, then stripes; null until needed; written under the monitor
    private final int stripes; // a power of two
    final Waiters waiters = new Waiters();
    private volatile boolean closed;
    private volatile boolean bypassed;

    // Under the monitor.
    private volatile int most;
    private volatile int owned; // volatile: also read without the monitor, as hints
    private int made; // owned ones and stripes
    private boolean kept; // the keeper knows of this pool
    private long sampling;
    private long timing;
    private long retiredHits;
    private long trimmed;

    /// @param most magazines of platform threads, at most
    Magazines(FramePool pool, int most) {
        this.pool = pool;
        this.most = most;
        fresh = Descriptor.fresh(pool.headroom());
        stripes = Integer.highestOneBit(Math.min(64, 4 * Runtime.getRuntime().availableProcessors() - 1));
        all = new Magazine[PLACES + stripes];
    }

    /// The current thread's own; null if it has none, or is virtual.
    Magazine mine() {
        Thread thread = Thread.currentThread();
        Magazine magazine = all[place(thread)];
        return magazine != null && magazine.owner == thread ? magazine : null;
    }

    /// The one that the current thread will try first: its own, or else a stripe. Null if there is none yet.
    private Magazine near() {
        Magazine magazine = mine();
        return magazine != null ? magazine : all[stripe(Thread.currentThread(), 0)];
    }

    /// Whether the lease that the current thread is about to ask for is one to time.
    boolean isLeaseTimed() {
        Magazine magazine = near();
        return magazine != null && magazine.isLeaseTimed();
    }

    private int stripe(Thread thread, int looks) {
        return PLACES + ((int) thread.threadId() + looks & stripes - 1);
    }

    private static int place(Thread thread) {
        return (int) thread.threadId() & PLACES - 1;
    }

    // ---- leasing ----

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

    /// Fills a batch's descriptors from `at` on. Returns how many, up to `n`: fewer when no more are free.
    ///
    /// @throws ClosedException if the pool is closed
    int take(MemorySegment batch, int at, int n) {
        int taken = 0;
        boolean last = false;
        for (int look = 0; look < LOOKS; look++) {
            Magazine magazine = taken == 0 ? enter() : enterUnlessClosed();
            if (magazine == null) { // closed in the middle: what we have is the caller's
                return taken;
            }
            try {
                do {
                    taken += magazine.pop(batch, at + taken, n - taken);
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

    /// Takes the frames of a batch back.
    void give(MemorySegment batch, int n) {
        Magazine magazine = enterUnlessClosed();
        if (magazine != null) {
            try {
                magazine.push(batch, n);
            } finally {
                leave(magazine);
            }
        } else {
            NativeGate.wakePool(pool.handle(), NativeGate.give(pool.handle(), batch, n, true));
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

    /// Whoever we wait for is inside for some hundred nanoseconds, unless the system has stopped it there.
    private static void pause(int looks) {
        if ((looks & 63) == 63) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    /// For the current thread, or a stripe. Null if there are too many, or another living thread has the place.
    private Magazine create(int place, Thread owner) {
        if (!isAllowed(place, owner)) { // without the monitor, which a thread that has to use stripes must not ask for each time
            return null;
        }
        synchronized (this) {
            if (closed || !isAllowed(place, owner)) {
                return null;
            }
            if (owner == null && all[place] != null) { // another thread was faster
                return all[place];
            }
            if (all[place] != null) {
                retire(place);
            }
            keep();
            Magazine magazine = new Magazine(pool.handle(), fresh, owner);
            all[place] = magazine;
            made++;
            owned += owner != null ? 1 : 0;
            retune();
            return magazine;
        }
    }

    /// Lets the keeper look after the pool from now on.
    synchronized void keep() {
        if (!kept) {
            kept = true;
            Keeper.keep(pool);
        }
    }

    private boolean isAllowed(int place, Thread owner) {
        Magazine there = all[place];
        return owner == null || owned < most && (there == null || isAbandoned(there));
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

    /// Makes a claim hold: waits until the owner is not inside.
    static boolean vacate(Magazine magazine, int looks) {
        if (magazine.owner == null) {
            return true;
        }
        NativeGate.barrier();
        boolean virtual = Thread.currentThread().isVirtual();
        for (int i = 0; !magazine.isVacant(); i++) {
            if (i == looks) {
                return false;
            }
            if (virtual) { // which would not give a core away, but the claim: until thousands of others have had their turn
                Thread.onSpinWait();
            } else {
                pause(i);
            }
        }
        return true;
    }

    private static void claimSurely(Magazine magazine) {
        for (int looks = 0; !magazine.claim(); looks++) {
            pause(looks);
        }
        vacate(magazine, -1);
    }

    /// Under the monitor. The magazine stays claimed for ever, and its owner, if it lives, makes another.
    private int retire(int place) {
        Magazine magazine = all[place];
        claimSurely(magazine);
        int frames = magazine.flush();
        retiredHits += magazine.hits();
        all[place] = null;
        owned--;
        made--;
        retune();
        return frames;
    }

    // ---- thresholds, the keeper, and the end ----

    /// Under the monitor: how many frames each may keep. All together hold half of the pool's frames at most.
    private void retune() {
        int share = pool.frames() / (4 * Math.max(1, made));
        int round = bypassed ? 0 : Math.min(Magazine.ROUND, share);
        for (Magazine magazine : all) {
            if (magazine != null) {
                magazine.tune(round, sampling, timing);
            }
        }
    }

    /// @param most magazines of platform threads, from now on; [#trim] makes those above it fewer
    /// @param sampling one lease in so many is a sample; 0: none
    /// @param timing one lease, and one return, in so many is timed; 0: none
    synchronized void tune(int most, long sampling, long timing) {
        this.most = most;
        this.sampling = sampling;
        this.timing = timing;
        retune();
    }

    /// Whether frames go straight to the depot. While a bridge is open they must: its poller, out of frames and asleep,
    /// is woken by a frame in the depot, and would never learn of one that lies in a magazine.
    ///
    /// Who waits for a frame must look more often from then on, because native code tells nobody of what it gives back.
    void bypass() {
        decideBypass();
        waiters.wakeAll(); // not under the monitor, which a waiter may ask for with the waiters' lock in its hands
    }

    /// Asks the pool under the monitor, or one bridge that goes could undo what another that comes has just done.
    private synchronized void decideBypass() {
        bypassed = pool.isBypassed();
        waiters.lookAfter(bypassed ? Waiters.OFTEN_NANOS : Waiters.SELDOM_NANOS);
        retune();
        for (Magazine magazine : all) { // whoever comes in after us keeps nothing
            if (magazine != null && !closed) {
                empty(magazine);
            }
        }
    }

    /// Gives the frames of magazines back to the depot whose thread has ended, or that have rested for `life`; and if
    /// there are more than `most`, of those that rest longest, until half of it is left.
    ///
    /// @param now in nanoseconds of any clock, but of the same one each time
    /// @return frames given back
    synchronized int trim(long now, long life, int most) {
        int frames = 0;
        this.most = most;
        if (closed) { // they are empty, and claimed until they are opened again
            return 0;
        }
        for (int place = 0; place < all.length; place++) {
            Magazine magazine = all[place];
            if (magazine != null && (isAbandoned(magazine) || magazine.rested(now) >= life)) {
                frames += magazine.owner != null ? retire(place) : empty(magazine);
            }
        }
        for (int goal = owned > most ? most / 2 : most; owned > goal;) {
            frames += retire(oldest(now));
        }
        trimmed += frames;
        return frames;
    }

    private static boolean isAbandoned(Magazine magazine) {
        return magazine.owner != null && !magazine.owner.isAlive();
    }

    private static int empty(Magazine magazine) {
        claimSurely(magazine);
        int frames = magazine.flush();
        magazine.unclaim();
        return frames;
    }

    private int oldest(long now) {
        int oldest = -1;
        for (int place = 0; place < PLACES; place++) {
            if (all[place] != null && (oldest < 0 || all[place].rested(now) > all[oldest].rested(now))) {
                oldest = place;
            }
        }
        return oldest;
    }

    /// Every frame goes back to the depot, nobody gets in until [#open()], and who waits gets to know.
    void close() {
        shut();
        waiters.wakeAll(); // not under the monitor, as above
    }

    private synchronized void shut() {
        closed = true;
        for (int place = 0; place < all.length; place++) {
            if (all[place] != null && all[place].owner != null) {
                retire(place);
            } else if (all[place] != null) {
                claimSurely(all[place]);
                all[place].flush();
            }
        }
    }

    /// Undoes [#close()].
    synchronized void open() {
        for (int place = PLACES; place < all.length; place++) {
            if (all[place] != null) {
                all[place].unclaim();
            }
        }
        closed = false;
    }

    // ---- figures ----

    /// Frames in magazines: exact when nothing moves.
    synchronized int cached() {
        int sum = 0;
        for (Magazine magazine : all) {
            sum += magazine != null ? magazine.count() : 0;
        }
        return sum;
    }

    /// Leases served.
    synchronized long hits() {
        long sum = retiredHits;
        for (Magazine magazine : all) {
            sum += magazine != null ? magazine.hits() : 0;
        }
        return sum;
    }

    /// Frames that [#trim] has given back.
    synchronized long trimmed() {
        return trimmed;
    }

    /// Magazines of platform threads.
    int owned() {
        return owned;
    }
}
