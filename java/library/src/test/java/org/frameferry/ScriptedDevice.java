// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/// A device in Java that does what a test says: it brings [Numbered] frames, as many as have come, and takes as many
/// as it has room for. Any thread may say so.
final class ScriptedDevice implements JavaDevice {
    final AtomicInteger room = new AtomicInteger(Integer.MAX_VALUE);
    final AtomicInteger closes = new AtomicInteger();
    final Deque<Frame> kept = new ArrayDeque<>();
    int toKeep; // frames that it detaches from the next ones sent
    volatile Exception fault; // what it throws from now on
    Runnable whileFilling = () -> { };
    private final AtomicInteger arrivals = new AtomicInteger();
    private volatile Runnable wake;
    private long number;

    void arrive(int n) {
        arrivals.addAndGet(n);
        wake.run();
    }

    void makeRoom(int n) {
        room.addAndGet(n);
        wake.run();
    }

    /// {@return an open bridge over it}
    Bridge open(FramePool pool, Bridge.Crossing crossing) {
        return Bridge.builder(pool, this).mode(Bridge.Mode.INLINE).crossing(crossing).open();
    }

    Bridge open(FramePool pool) {
        return open(pool, Bridge.Crossing.BATCHED);
    }

    private void failIfToldTo() throws Exception {
        if (fault != null) {
            throw fault;
        }
    }

    @Override
    public void open(Runnable signal) throws Exception {
        failIfToldTo();
        wake = signal;
    }

    @Override
    public int fill(FrameBatch frames) throws Exception {
        failIfToldTo();
        whileFilling.run();
        int n = Math.min(frames.size(), arrivals.get());
        for (int i = 0; i < n; i++) {
            Numbered.write(frames.get(i), number++);
        }
        arrivals.addAndGet(-n);
        return n;
    }

    @Override
    public int transmit(FrameBatch frames) throws Exception {
        failIfToldTo();
        for (; toKeep > 0; toKeep--) {
            kept.add(frames.detach(0));
        }
        int n = Math.min(frames.size(), room.get());
        room.addAndGet(-n);
        return n;
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }

    @Override
    public String toString() {
        return "a script";
    }
}
