// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * The other thread of a stream in Java: runs orders, one at a time, on the second processor. It spins between them, so
 * that it begins at once, unless it is told to rest, and ends with {@link #close}. One thread orders.
 */
final class Partner implements Flow.Other {
    private static final ThreadFactory THREADS = Thread.ofPlatform().daemon().name("partner").factory();
    private static final VarHandle ORDERED;
    private static final VarHandle DONE;

    static {
        try {
            ORDERED = MethodHandles.lookup().findVarHandle(Partner.class, "ordered", long.class);
            DONE = MethodHandles.lookup().findVarHandle(Partner.class, "done", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What it does: frames from one number to another. */
    interface Task {
        /** Moves the frames `from` to `to - 1`; gives up when {@link Partner#ends} says so. */
        void run(long from, long to, Partner self);
    }

    private final Thread thread;
    private final Task task;
    private final int processor;
    private final long start;
    private long ordered;
    private long done;
    private RuntimeException failure;
    private volatile boolean ends;
    private volatile boolean rests;

    /**
     * @param start number of the first frame
     */
    Partner(Task task, int processor, long start) {
        this.task = task;
        this.processor = processor;
        this.start = start;
        ordered = start;
        done = start;
        thread = THREADS.newThread(this::obey);
        thread.start();
    }

    private void obey() {
        Cores.pin(processor);
        long next = start;
        while (!ends) {
            long to = (long) ORDERED.getAcquire(this);
            if (to == next) {
                idle();
                continue;
            }
            try {
                task.run(next, to, this);
            } catch (RuntimeException e) {
                failure = e;
                ends = true; // whoever waits for us must not wait for ever
            }
            next = to;
            DONE.setRelease(this, to); // and with it the failure
        }
    }

    private void idle() {
        if (rests) {
            LockSupport.park(this);
        } else {
            Thread.onSpinWait();
        }
    }

    /** Leaves the processor to others until {@link #resume}; all orders must be done. */
    void rest() {
        rests = true;
    }

    /** Makes it spin again. */
    void resume() {
        rests = false;
        LockSupport.unpark(thread);
    }

    @Override
    public void begin(long count) {
        ORDERED.setRelease(this, ordered + count);
    }

    @Override
    public void await() {
        while ((long) DONE.getAcquire(this) != ordered && !ends) {
            Thread.onSpinWait();
        }
        check();
    }

    /** Throws what ended it, if anything did. */
    void check() {
        if (ends) {
            join();
            if (failure != null) {
                throw failure;
            }
            throw new IllegalStateException("the other thread of the stream was told to end");
        }
    }

    @Override
    public boolean ends() {
        return ends;
    }

    @Override
    public void close() {
        ends = true;
        resume();
        join();
    }

    private void join() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
