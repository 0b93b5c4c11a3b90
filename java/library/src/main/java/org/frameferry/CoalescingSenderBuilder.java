// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.frameferry.bindings.FerryBindings;

/// Configures a [CoalescingSender]. Not for several threads.
public final class CoalescingSenderBuilder {
    final Bridge bridge;
    int frames = 16;
    Duration linger = Duration.ofMillis(20);
    Duration drain = Duration.ofSeconds(1);
    LongSupplier clock = System::nanoTime;
    ToIntFunction<FrameBatch> crossing;

    CoalescingSenderBuilder(Bridge bridge) {
        this.bridge = bridge;
        crossing = bridge::sendFor;
    }

    /// For one live stream of audio: 4 frames, or 5 ms. What is late there is lost, so little is gathered.
    ///
    /// @return this
    public CoalescingSenderBuilder live() {
        return frames(4).linger(Duration.ofMillis(5));
    }

    /// For many streams at once, or for catching up: 16 frames, or 20 ms. The default.
    ///
    /// @return this
    public CoalescingSenderBuilder bulk() {
        return frames(16).linger(Duration.ofMillis(20));
    }

    /// Frames in a batch; default 16. So many can be pending, too.
    ///
    /// @param frames 1 to 1024
    /// @return this
    public CoalescingSenderBuilder frames(int frames) {
        this.frames = FramePoolBuilder.check("frames", frames, 1, FerryBindings.FERRY_BATCH_MAX());
        return this;
    }

    /// How long a frame may wait for others; default 20 ms. The system adds what waking a thread takes.
    ///
    /// @param linger 0 to 1 hour
    /// @return this
    public CoalescingSenderBuilder linger(Duration linger) {
        if (linger.isNegative() || linger.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("linger " + linger + " is not in PT0S .. PT1H");
        }
        this.linger = linger;
        return this;
    }

    /// How long [CoalescingSender#close()] waits at most for a bridge without room; default 1 s.
    ///
    /// @param patience not negative
    /// @return this
    public CoalescingSenderBuilder drain(Duration patience) {
        if (patience.isNegative()) {
            throw new IllegalArgumentException("drain " + patience + " is negative");
        }
        drain = patience;
        return this;
    }

    /// Nanoseconds, for tests.
    CoalescingSenderBuilder clock(LongSupplier clock) {
        this.clock = clock;
        return this;
    }

    /// What sends, for tests: a bridge without room, when the test says so.
    CoalescingSenderBuilder crossing(ToIntFunction<FrameBatch> crossing) {
        this.crossing = crossing;
        return this;
    }

    /// {@return an open sender}
    ///
    /// @throws ClosedException if the bridge is closed
    /// @throws IllegalStateException if another sender has the bridge's send end
    /// @throws WrongThreadException if another thread has it: [Bridge#unbindSender()]
    public CoalescingSender open() {
        return new CoalescingSender(this);
    }
}
