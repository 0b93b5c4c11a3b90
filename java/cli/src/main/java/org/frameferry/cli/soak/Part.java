// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;

/**
 * Something that carries frames for as long as the soak lasts. It is opened, its workers run, each in a thread of its
 * own, it is told to stop, and they end by themselves.
 */
abstract class Part {
    static final int BATCH = 64;
    /** Longer than any soak: who waits for so long in vain has lost a wake-up, and is found not to end. */
    static final Duration FOR_EVER = Duration.ofDays(365);

    private final String kind;
    private final String name;
    private final LongAdder frames = new LongAdder();
    private volatile boolean stopped;

    /**
     * @param kind what several parts may have in common
     * @param variant what tells them apart, empty if there is one
     */
    Part(String kind, String variant) {
        this.kind = kind;
        name = (kind + " " + variant).strip();
    }

    /** {@return what runs until the part is stopped, each in a thread of its own} */
    abstract List<Runnable> workers();

    /** {@return what has come of all frames} When the workers have ended. */
    abstract Tally tally();

    /** Has the workers come to an end. Any thread. */
    void stop() {
        stopped = true;
    }

    final boolean isStopped() {
        return stopped;
    }

    final String kind() {
        return kind;
    }

    final String name() {
        return name;
    }

    /** {@return frames that have come so far} Any thread. */
    final long frames() {
        return frames.sum();
    }

    /** Counts frames that have come. Any worker. */
    final void came(long n) {
        frames.add(n);
    }

    /** Leases up to n frames, and gives them the next numbers. Lets others run if none is free. */
    static void fill(FramePool pool, FrameBatch batch, int n, Stream stream) {
        int before = batch.size();
        int leased = pool.lease(batch, n);
        for (int i = before; i < before + leased; i++) {
            stream.number(batch.get(i));
        }
        if (leased == 0) {
            Thread.yield();
        }
    }

    /** Checks what a batch has brought. */
    final void check(FrameBatch batch, Stream stream) {
        for (Frame frame : batch) {
            stream.check(frame);
        }
        came(batch.size());
    }
}
