// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Threads that submit, cancel, flush, close and open one sender at the same time: every frame is sent once, or came back
/// once, and the counters say which.
@SuppressWarnings("try") // closed in the middle of their block: that is what is tested
class CoalescingRaceTest {
    private static final int FRAMES = 20_000;

    @ParameterizedTest
    @EnumSource
    void everyFrameEndsOnce(Bridge.Crossing crossing) throws Exception {
        try (FramePool pool = FramePool.builder().frames(128).frameSize(128).build(); Audits _ = Audits.of(pool);
             OtherSide other = OtherSide.at(new InetSocketAddress("127.0.0.1", 0));
             Bridge bridge = new Way(Bridge.Mode.THREADED, crossing).open(pool, Way.ANY_PORT.connect(other.address()));
             CoalescingSender sender = CoalescingSender.builder(bridge).frames(8).linger(Duration.ofNanos(50_000))
                     .open()) {
            List<Elsewhere<long[]>> submitters = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                submitters.add(t == 0 ? Elsewhere.start(() -> submitAndCancel(pool, sender))
                        : Elsewhere.startVirtual(() -> submitAndCancel(pool, sender)));
            }
            Elsewhere<Void> opener = Elsewhere.start(() -> {
                for (int i = 0; i < 200; i++) {
                    sender.close();
                    sender.open();
                    Thread.sleep(0, 100_000);
                }
                return null;
            });
            long submitted = 0;
            long cancelled = 0;
            for (Elsewhere<long[]> submitter : submitters) {
                submitted += submitter.result()[0];
                cancelled += submitter.result()[1];
            }
            opener.result();
            sender.close();
            CoalescingStatistics figures = sender.statistics();
            assertEquals(2L * FRAMES, submitted);
            assertEquals(submitted, figures.submitted());
            assertEquals(cancelled, figures.cancelled());
            assertEquals(submitted, figures.sent() + figures.cancelled());
            assertTrue(cancelled > 0, "nothing was cancelled in time");
            bridge.close();
            assertEquals(figures.sent(), bridge.statistics().txFrames() + bridge.statistics().txDropped());
        }
    }

    /// Returns how many were submitted, and how many of them cancelled.
    private static long[] submitAndCancel(FramePool pool, CoalescingSender sender) {
        long[] counts = new long[2];
        while (counts[0] < FRAMES) {
            Frame frame = pool.lease(Numbered.LONG).put(16);
            long ticket = submitSurely(sender, frame);
            counts[0]++;
            if (counts[0] % 3 == 0 && sender.cancel(ticket)) {
                counts[1]++;
            }
        }
        return counts;
    }

    private static long submitSurely(CoalescingSender sender, Frame frame) {
        while (true) {
            try {
                long ticket = sender.submit(frame, Duration.ofMillis(1));
                if (ticket >= 0) {
                    return ticket;
                }
            } catch (ClosedException e) {
                Thread.onSpinWait(); // it is opened again
            }
        }
    }
}
