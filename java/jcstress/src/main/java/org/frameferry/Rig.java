// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// A small pool whose frames all lie in one batch while no test has it. Rigs are used again and again, because mapping a
/// pool takes much longer than a race. One thread at a time, but for what a test races.
final class Rig {
    /// So many that the magazines of a few threads keep some.
    static final int FRAMES = 32;

    private static final ConcurrentLinkedQueue<Rig> IDLE = new ConcurrentLinkedQueue<>();
    private static final long EACH_ONCE = (1L << FRAMES) - 1;

    private static volatile long patience = TimeUnit.SECONDS.toNanos(10);

    final FramePool pool = FramePool.builder().frames(FRAMES).frameSize(64).headroom(0).bridges(1)
            .leakTracking(LeakTracking.OFF).build();
    private final FrameBatch all = pool.newBatch(2 * FRAMES); // room for frames that are free twice

    private Rig() {
        collect();
    }

    static Rig take() {
        Rig rig = IDLE.poll();
        return rig != null ? rig : new Rig();
    }

    /// One of the frames, leased.
    Frame frame() {
        Frame frame = all.detach(all.size() - 1);
        all.unbind();
        return frame;
    }

    /// When nothing moves any more and the test has released what it leased: 1 if every frame is there, once, else 0. The
    /// rig is the next test's.
    int whole() {
        all.release();
        boolean whole = collect();
        if (whole) {
            IDLE.add(this);
        }
        return whole ? 1 : 0;
    }

    /// Looks again while frames are missing: the keeper, which empties the magazines of threads that have ended, may have
    /// some in its hands. Once they did not come at all, no later rig waits for them.
    private boolean collect() {
        long begin = System.nanoTime();
        do {
            pool.lease(all, all.capacity() - all.size()); // all that are free, be they too many
        } while (all.size() < FRAMES && System.nanoTime() - begin < patience);
        long seen = 0;
        for (int i = 0; i < all.size(); i++) {
            seen |= 1L << Descriptor.index(all.descriptors().get(i));
        }
        all.unbind();
        boolean whole = all.size() == FRAMES && seen == EACH_ONCE;
        patience = whole ? patience : 0;
        return whole;
    }

    /// Releases a handle. Returns 1, or 0 if it was released before.
    static int release(Frame frame) {
        try {
            frame.release();
            return 1;
        } catch (FrameReleasedException e) {
            return 0;
        }
    }

    /// Adds a frame to a batch. Returns 1, or 0 if it was released before, or has another holder.
    static int add(FrameBatch batch, Frame frame) {
        try {
            batch.add(frame);
            return 1;
        } catch (FrameReleasedException | FrameSharedException e) {
            return 0;
        } finally {
            batch.unbind();
        }
    }

    /// Releases a frame if there is one.
    static void releaseAny(Frame frame) {
        if (frame != null) {
            frame.release();
        }
    }
}
