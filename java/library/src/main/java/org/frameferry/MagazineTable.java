// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// The magazines of one pool: one for each platform thread that leases, found by the thread's number in an array, and
/// *stripes*, which virtual threads share, chosen by their number, too. How many there are, how much they may keep, and when
/// they are emptied: the [Keeper] takes frames out of those that rest, and out of those whose thread has ended. Any thread.
///
/// [Magazines] extends it, so that a lease has one object less on its way to its magazine.
abstract class MagazineTable {
    /// A thread whose place another living thread has taken uses the stripes.
    static final int PLACES = 1024;
    /// Looks, some milliseconds of them, after which somebody who is inside must be running.
    private static final int LONG = 100_000;

    final FramePool pool;
    private final long fresh;
    final Magazine[] all; // owned ones in PLACES, then stripes; null until needed; written under the monitor
    private final int stripes; // a power of two
    final Waiters waiters = new Waiters();
    volatile boolean closed;
    volatile boolean bypassed;

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
    MagazineTable(FramePool pool, int most) {
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
    Magazine near() {
        Magazine magazine = mine();
        return magazine != null ? magazine : all[stripe(Thread.currentThread(), 0)];
    }

    int stripe(Thread thread, int looks) {
        return PLACES + ((int) thread.threadId() + looks & stripes - 1);
    }

    static int place(Thread thread) {
        return (int) thread.threadId() & PLACES - 1;
    }

    /// For the current thread, or a stripe. Null if there are too many, or another living thread has the place.
    Magazine create(int place, Thread owner) {
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

    // ---- claiming ----

    /// Whoever we wait for is inside for some hundred nanoseconds, unless the system has stopped it there.
    static void pause(int looks) {
        if ((looks & 63) == 63) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
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
            if (i % LONG == LONG - 1 && magazine.isForsaken()) {
                return true;
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
