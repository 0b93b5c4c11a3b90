// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;

/**
 * Threads that lease, share, detach and release frames of one pool, without a bridge. What a thread writes must still
 * be there when it looks again, and when the next thread, to which it hands some of the frames, does.
 */
final class PoolPart extends Part {
    private static final int THREADS = 3;
    private static final int SINGLES = 16;
    private static final int ROOM = 512; // for frames that are handed over

    private final FramePool pool;
    private final List<Hand> hands = new ArrayList<>();

    PoolPart(FramePool pool) {
        super("pool", "");
        this.pool = pool;
        for (int i = 0; i < THREADS; i++) {
            hands.add(new Hand());
        }
        for (int i = 0; i < THREADS; i++) {
            hands.get(i).next = hands.get((i + 1) % THREADS);
            hands.get(i).next.before = hands.get(i);
        }
    }

    @Override
    List<Runnable> workers() {
        return hands.stream().<Runnable>map(hand -> hand::work).toList();
    }

    /** What was handed to a thread that had ended is taken here. */
    @Override
    Tally tally() {
        Tally sum = Tally.NONE;
        for (Hand hand : hands) {
            hand.take();
            sum = sum.plus(hand.kept.tally(0));
        }
        for (Hand hand : hands) {
            sum = sum.plus(hand.handed.tally(0));
        }
        return sum;
    }

    /** One of the threads. */
    private final class Hand {
        private final Stream kept = new Stream();
        private final Stream handed = new Stream();
        private final BlockingQueue<Frame> inbox = new ArrayBlockingQueue<>(ROOM);
        private final SplittableRandom random = new SplittableRandom(kept.name());
        private final Frame[] singles = new Frame[SINGLES];
        private Hand before;
        private Hand next;

        void work() {
            for (int i = 0; i < SINGLES; i++) {
                singles[i] = pool.newFrame();
            }
            try (FrameBatch batch = pool.newBatch(BATCH)) {
                while (!isStopped()) {
                    switch (random.nextInt(4)) {
                        case 0 -> leaseBatch(batch);
                        case 1 -> leaseSingly();
                        case 2 -> detach(batch);
                        default -> share();
                    }
                    take();
                }
            }
        }

        private void leaseBatch(FrameBatch batch) {
            fill(pool, batch, 1 + random.nextInt(BATCH), kept);
            check(batch, kept);
            batch.release();
        }

        private void leaseSingly() {
            int n = 0;
            while (n < SINGLES && pool.tryLease(singles[n])) {
                kept.number(singles[n++]);
            }
            for (int i = 0; i < n; i++) {
                kept.check(singles[i]);
                singles[i].release();
            }
            came(n);
        }

        /** Nobody else puts frames into that inbox: room that is there stays there. */
        private void detach(FrameBatch batch) {
            int n = Math.min(1 + random.nextInt(BATCH), next.inbox.remainingCapacity());
            if (n > 0) {
                fill(pool, batch, n, handed);
            }
            while (!batch.isEmpty()) {
                next.inbox.add(batch.detach(0));
            }
        }

        /** The next thread reads while this one releases; whoever is last gives the frame back. */
        private void share() {
            Frame frame = singles[0];
            if (next.inbox.remainingCapacity() > 0 && pool.tryLease(frame)) {
                next.inbox.add(handed.number(frame).share());
                frame.release();
            }
        }

        void take() {
            int n = 0;
            for (Frame frame = inbox.poll(); frame != null; frame = inbox.poll()) {
                before.handed.check(frame);
                frame.release();
                n++;
            }
            came(n);
        }
    }
}
