// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// What one misuse is tried on: a small pool, another one for what is foreign, and what is made over them when asked
/// for. It ends with a lease and a return in each pool that is open, and an exact audit. One thread.
final class MisuseWorld {
    static final int FRAMES = 8;
    static final int FRAME_SIZE = 256;
    static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    final FramePool pool = newPool();
    private final Way way; // in which bridges are opened
    private final Deque<Elsewhere.Action> ends = new ArrayDeque<>(); // the last one first
    private FramePool other;

    MisuseWorld(Way way) {
        this.way = way;
    }

    static FramePool newPool() {
        return FramePool.builder().frames(FRAMES).frameSize(FRAME_SIZE).ringCapacity(2).bridges(2).build();
    }

    /// Runs this in another thread; throws what it throws.
    static void stranger(Elsewhere.Action action) throws Exception {
        Elsewhere.run(action);
    }

    Way way() {
        return way;
    }

    FramePool closedPool() {
        pool.close();
        return pool;
    }

    /// Another pool, of the same shape.
    FramePool other() {
        if (other == null) {
            other = newPool();
        }
        return other;
    }

    // ---- frames and batches ----

    Frame frame() {
        return frame(pool);
    }

    Frame frame(FramePool of) {
        Frame frame = of.lease(Numbered.LONG);
        ends.push(() -> giveBack(frame));
        return frame;
    }

    /// If it was not the misuse to do so.
    static void giveBack(Frame frame) {
        try {
            frame.release();
        } catch (FrameReleasedException e) {
            return;
        }
    }

    Frame released() {
        Frame frame = frame();
        frame.release();
        return frame;
    }

    /// Nobody can hold a frame of a closed pool: this one was released in time.
    Frame ofClosedPool() {
        Frame frame = released();
        pool.close();
        return frame;
    }

    /// A frame that another holder has, too.
    Frame shared() {
        Frame frame = frame();
        Frame holder = frame.share();
        ends.push(() -> giveBack(holder));
        return frame;
    }

    /// A frame that the pool has allocated outside itself.
    Frame outside() {
        FramePool small = FramePool.builder().frames(1).overflow(Overflow.ALLOCATE).build();
        Frame only = small.lease();
        Frame frame = small.lease();
        ends.push(() -> {
            giveBack(frame);
            giveBack(only);
            check(small);
        });
        return frame;
    }

    /// With `n` frames, this thread's.
    FrameBatch batch(int n) {
        return batch(pool, n);
    }

    FrameBatch batch(FramePool of, int n) {
        FrameBatch batch = of.newBatch(FRAMES);
        batch.seize();
        Numbered.lease(of, batch, n);
        ends.push(() -> {
            batch.seize();
            batch.release();
        });
        return batch;
    }

    // ---- bridges ----

    /// Over UDP, in the way of this world.
    Bridge bridge() {
        return ended(way.open(pool));
    }

    Bridge.Builder builder(Device device) {
        return Bridge.builder(pool, device).mode(way.mode()).crossing(way.crossing());
    }

    Bridge loop() {
        return ended(Bridge.open(pool, Loop.device()));
    }

    /// Over a card in virtual time, without a frame.
    Bridge card() {
        return ended(Bridge.builder(pool, SimulatedNic.builder().virtualTime().frames(1).build())
                .mode(Bridge.Mode.INLINE).open());
    }

    Bridge ended(Bridge bridge) {
        ends.push(bridge::close);
        return bridge;
    }

    Bridge closedBridge() {
        Bridge bridge = bridge();
        bridge.close();
        return bridge;
    }

    CoalescingSender sender(int frames) {
        return sender(loop(), frames);
    }

    /// Nothing is due by itself, and close does not wait for room.
    CoalescingSender sender(Bridge bridge, int frames) {
        return ended(CoalescingSender.builder(bridge).frames(frames).linger(Duration.ofHours(1)).drain(Duration.ZERO)
                .open());
    }

    private CoalescingSender ended(CoalescingSender sender) {
        ends.push(() -> {
            try {
                sender.close();
            } catch (IllegalStateException e) {
                assertTrue(e.getMessage().contains(" could not be sent, and are back in the pool"), e.getMessage());
            }
        });
        return sender;
    }

    CoalescingSender closedSender() {
        CoalescingSender sender = sender(4);
        sender.close();
        return sender;
    }

    // ---- the end ----

    void end() throws Exception {
        for (Elsewhere.Action end : ends) {
            end.run();
        }
        check(pool);
        if (other != null) {
            check(other);
        }
    }

    /// Leases and takes back, if it is open; and every frame is, or was at the end, where it belongs.
    static void check(FramePool pool) {
        if (!pool.isClosed()) {
            pool.lease(Numbered.LONG).release();
            pool.close();
        }
        PoolAudit last = pool.statistics().audit();
        assertEquals(0, last.leased(), last::toString);
        assertTrue(last.sound(), last::toString);
    }
}
