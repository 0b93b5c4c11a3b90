// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// A stack that overflows in the middle of a lease: the thread leaves its magazine all the same, or whoever has to take frames
/// out of it, the keeper first, would wait for a thread that rests.
class DeepStackTest {
    private static void leaseEverDeeper(FramePool pool, Frame handle) {
        if (pool.tryLease(handle)) {
            handle.release();
        }
        leaseEverDeeper(pool, handle);
    }

    private static void overflow(FramePool pool) {
        Frame handle = pool.newFrame();
        try {
            leaseEverDeeper(pool, handle);
        } catch (StackOverflowError e) {
            try {
                handle.release();
            } catch (FrameReleasedException released) {
                return; // it was not leased when that happened
            }
        }
    }

    /// The first look sets the time from which on a magazine rests; the keeper may have looked before, or may not.
    private static void restEveryMagazine(FramePool pool) throws Exception {
        Elsewhere.run(() -> {
            pool.trim(0);
            pool.trim(Long.MAX_VALUE);
        });
    }

    /// The stack may overflow in leaving, too. Then nobody is inside who could be waited for.
    @Test
    void aThreadThatRestsInsideIsNotWaitedFor() throws Exception {
        FramePool pool = FramePool.builder().frames(1024).frameSize(64).leakTracking(LeakTracking.OFF).build();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Elsewhere<Void> resting = Elsewhere.start(() -> {
            pool.lease().release();
            assertTrue(pool.magazines().mine().enter());
            inside.countDown();
            done.await();
            pool.lease().release();
            return null;
        });
        inside.await();
        restEveryMagazine(pool);
        assertEquals(0, pool.audit().cached());
        done.countDown();
        resting.result();
        Elsewhere.run(pool::close);
    }

    @Test
    void leavesItsMagazine() throws Exception {
        FramePool pool = FramePool.builder().frames(1024).frameSize(64).leakTracking(LeakTracking.OFF).build();
        for (int round = 0; round < 20; round++) {
            CountDownLatch overflowed = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(1);
            Elsewhere<Void> resting = Elsewhere.start(() -> {
                for (int i = 0; i < 10; i++) {
                    overflow(pool);
                }
                overflowed.countDown();
                done.await();
                return null;
            });
            overflowed.await();
            restEveryMagazine(pool);
            assertEquals(0, pool.audit().cached());
            done.countDown();
            resting.result();
        }
        assertTrue(pool.audit().sound());
    }
}
