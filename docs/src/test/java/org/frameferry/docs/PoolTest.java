// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.LeakTracking;
import org.frameferry.SizedFramePool;
import org.junit.jupiter.api.Test;

/** What the guide shows of the pool on its own. */
class PoolTest {
    private final List<Frame> archived = new ArrayList<>();

    private void archive(Frame frame) {
        archived.add(frame);
    }

    @Test
    void leases() {
        byte[] payload = {1, 2, 3};
        byte version = 4;
        FramePool pool = FramePool.builder().name("audio").frames(1024).frameSize(1500).build();
        try (Frame frame = pool.lease(Duration.ofMillis(20))) { // or tryLease(): null when none is free
            frame.copyIn(payload).push(1);                      // room for a header in front of the payload
            frame.memory().set(JAVA_BYTE, frame.offset(), version);
            archive(frame.share());                             // another holder, for any thread to release
        }                                                       // the last release gives the frame back
        assertEquals(4, archived.getFirst().length());
        archived.forEach(Frame::release);
        Audit.close(pool);
    }

    @Test
    void batches() {
        FramePool pool = FramePool.builder().frames(1024).build();
        try (FrameBatch batch = pool.newBatch(64)) {
            int leased = pool.lease(batch, 64);                 // fewer if fewer are free
            for (Frame frame : batch) {
                frame.put(100);
            }
            assertEquals(64, leased);
        }                                                       // gives them back
        Audit.close(pool);
    }

    @Test
    void sizes() {
        SizedFramePool sizes = SizedFramePool.builder().frames(128, 1024).frames(2048, 256).nextLarger(true).build();
        try (Frame small = sizes.lease(60); Frame large = sizes.lease(1500)) {
            assertEquals(60, small.put(60).length());
            assertEquals(1500, large.put(1500).length());
        }
        sizes.classes().forEach(Audit::close);
    }

    @Test
    void leaks() {
        FramePool pool = FramePool.builder().leakTracking(LeakTracking.EVERY)
                .leakListener(leak -> System.err.println(leak.place())).build();
        pool.lease().close();
        pool.tuning().leakTracking(LeakTracking.SAMPLED);       // while it runs
        Audit.close(pool);
    }
}
