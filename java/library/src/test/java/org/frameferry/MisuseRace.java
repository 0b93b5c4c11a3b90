// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// Two threads that do something at the same moment, again and again. Spins, so that they really meet.
final class MisuseRace {
    static final int ROUNDS = 2000;

    private static final int SPREAD = 100; // looks between the two, at most
    private static final int PATIENCE = 1000; // looks before the processor is given away

    private final Elsewhere.Action two;
    private final Class<? extends Throwable> allowed;
    private volatile int round; // that may begin
    private volatile int ended; // that the other thread has done with
    private volatile boolean over;
    private volatile boolean refused;

    private MisuseRace(Elsewhere.Action two, Class<? extends Throwable> allowed) {
        this.two = two;
        this.allowed = allowed;
    }

    /// Each round: `before` alone, `one` and `two` at once, then `after` with how many of the two ended with `allowed`
    /// instead of ending well. Anything else that they throw ends the race.
    ///
    /// @param allowed null: nothing may be thrown
    static void run(int rounds, Elsewhere.Action before, Elsewhere.Action one, Elsewhere.Action two,
            Class<? extends Throwable> allowed, IntConsumer after) throws Exception {
        MisuseRace race = new MisuseRace(two, allowed);
        Elsewhere<Void> other = Elsewhere.start(race::follow);
        try {
            for (int i = 1; i <= rounds && other.thread().isAlive(); i++) {
                before.run();
                race.round = i;
                linger();
                boolean refused = race.isRefused(one);
                race.await(i, other.thread());
                after.accept((refused ? 1 : 0) + (race.refused ? 1 : 0));
            }
        } finally {
            race.over = true;
        }
        other.result();
    }

    /// Both threads call the same.
    static void run(Elsewhere.Action before, Elsewhere.Action both, Class<? extends Throwable> allowed,
            IntConsumer after) throws Exception {
        run(ROUNDS, before, both, both, allowed, after);
    }

    /// Two threads call without a pause, two thousand times together and until this one has closed something; from then
    /// on the call ends with `atEnd`, or, if that is null, goes on as before.
    static void untilClosed(Elsewhere.Action call, Class<? extends Throwable> atEnd, Elsewhere.Action close)
            throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger(); // 1: about to be, 2: it is
        List<Elsewhere<Void>> callers = List.of(Elsewhere.start(() -> keepCalling(call, atEnd, calls, closed)),
                Elsewhere.start(() -> keepCalling(call, atEnd, calls, closed)));
        try {
            Elsewhere.until(() -> calls.get() >= ROUNDS || callers.stream().anyMatch(c -> !c.thread().isAlive()));
            closed.set(1);
            close.run();
        } finally {
            closed.set(2);
        }
        for (Elsewhere<Void> caller : callers) {
            caller.result();
        }
    }

    private static Void keepCalling(Elsewhere.Action call, Class<? extends Throwable> atEnd, AtomicInteger calls,
            AtomicInteger closed) throws Exception {
        for (boolean last = false; !last;) {
            last = closed.get() == 2; // once more after that
            try {
                call.run();
                if (last && atEnd != null) {
                    fail("it ended well, and not with " + atEnd.getSimpleName());
                }
            } catch (Exception e) {
                if (e.getClass() != atEnd || closed.get() == 0) {
                    throw e;
                }
            }
            calls.incrementAndGet();
        }
        return null;
    }

    private Void follow() throws Exception {
        for (int i = 1; !over; i++) {
            for (int looks = 0; round != i && !over; looks++) {
                pause(looks);
            }
            if (!over) {
                linger();
                refused = isRefused(two);
                ended = i;
            }
        }
        return null;
    }

    private void await(int i, Thread other) throws InterruptedException {
        for (int looks = 0; ended != i && other.isAlive(); looks++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("the other thread hangs in round " + i);
            }
            pause(looks);
        }
    }

    private boolean isRefused(Elsewhere.Action action) throws Exception {
        try {
            action.run();
            return false;
        } catch (Exception e) {
            if (allowed == null || !allowed.isInstance(e)) {
                throw e;
            }
            return true;
        }
    }

    /// Now this thread is the first, now the other.
    private static void linger() {
        for (int i = ThreadLocalRandom.current().nextInt(SPREAD); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    private static void pause(int looks) {
        if (looks < PATIENCE) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
