// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Whom a batch belongs to: the thread that first moves frames in or out, until it unbinds the batch or ends.
class FrameBatchThreadTest {
    private final FramePool pool = FramePool.builder().frames(16).build();
    private final FrameBatch batch = pool.newBatch(8);

    @AfterEach
    void audit() {
        batch.close();
        Audits.assertAtRest(pool);
        pool.close();
    }

    private static void assertWrongThread(Elsewhere.Action use) {
        String message = assertThrows(WrongThreadException.class, use::run).getMessage();
        assertTrue(message.startsWith("this batch belongs to thread Thread["), message);
        assertTrue(message.endsWith(" may use it after that thread has unbound it"), message);
        assertTrue(message.contains(Thread.currentThread().toString()), message);
    }

    @EachWay
    void allThatMovesFramesIsRefusedToOthers(Way way) throws Exception {
        pool.lease(batch, 4);
        Frame detached = batch.detach(0);
        try (Bridge bridge = way.open(pool)) {
            Elsewhere.run(() -> {
                assertWrongThread(() -> pool.lease(batch, 1));
                assertWrongThread(() -> batch.detach(0));
                assertWrongThread(() -> batch.add(detached));
                assertWrongThread(batch::release);
                assertWrongThread(batch::close);
                assertWrongThread(batch::unbind);
                assertWrongThread(() -> bridge.receive(batch));
                assertWrongThread(() -> bridge.send(batch));
            });
        }
        assertEquals(3, batch.size());
        assertEquals(4, pool.audit().leased());
        batch.add(detached);
    }

    @Test
    void aVirtualThreadIsAnotherThread() throws Exception {
        pool.lease(batch, 1);
        Elsewhere.startVirtual(() -> {
            assertWrongThread(batch::release);
            return null;
        }).result();
    }

    @Test
    void unboundItGoesToTheNextUserWithItsFrames() throws Exception {
        pool.lease(batch, 3);
        batch.get(2).tag(99);
        batch.unbind();
        CountDownLatch bound = new CountDownLatch(1);
        CountDownLatch checked = new CountDownLatch(1);
        Elsewhere<Void> other = Elsewhere.start(() -> {
            assertEquals(99, batch.get(2).tag());
            batch.detach(0).release();
            bound.countDown();
            checked.await();
            batch.unbind();
            return null;
        });
        bound.await();
        assertThrows(WrongThreadException.class, batch::release);
        checked.countDown();
        other.result();
        assertEquals(2, batch.size());
        assertEquals(99, batch.get(1).tag());
    }

    /// Frames of a thread that has ended are not lost: the batch still has them, for whoever comes next.
    @Test
    void aDeadThreadOwnsNothing() throws Exception {
        Elsewhere.run(() -> pool.lease(batch, 5));
        assertEquals(5, batch.size());
        assertEquals(5, pool.audit().leased());
        batch.detach(4).release();
        batch.release();
        assertEquals(0, pool.audit().leased());
    }

    @Test
    void unbindingWhatADeadThreadBound() throws Exception {
        Elsewhere.run(() -> pool.lease(batch, 5));
        batch.unbind();
        Elsewhere.run(batch::release);
        assertEquals(0, pool.audit().leased());
    }

    @Test
    void unbindingWhatNobodyUsed() throws Exception {
        batch.unbind();
        batch.unbind();
        Elsewhere.run(() -> assertEquals(2, pool.lease(batch, 2)));
    }

    /// Of two threads that come first at the same time one gets the batch.
    @Test
    void onlyOneThreadBinds() throws Exception {
        for (int round = 0; round < 500; round++) {
            FrameBatch contested = pool.newBatch(1);
            CountDownLatch start = new CountDownLatch(1);
            CountDownLatch tried = new CountDownLatch(2);
            Elsewhere<Integer> one = Elsewhere.start(() -> tryLease(contested, start, tried));
            Elsewhere<Integer> two = Elsewhere.start(() -> tryLease(contested, start, tried));
            start.countDown();
            assertEquals(1, one.result() + two.result());
            assertEquals(0, pool.audit().leased());
        }
    }

    private int tryLease(FrameBatch contested, CountDownLatch start, CountDownLatch tried) throws Exception {
        start.await();
        int leased = 0;
        try {
            leased = pool.lease(contested, 1);
        } catch (WrongThreadException e) {
            assertTrue(e.getMessage().startsWith("this batch belongs to "), e.getMessage());
        }
        tried.countDown();
        tried.await(); // alive until the other has tried: else the batch would be free for it
        if (leased != 0) {
            contested.release();
        }
        return leased;
    }
}
