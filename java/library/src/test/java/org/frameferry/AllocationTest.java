// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Leasing, sending and receiving allocate nothing once they run: frames and batches go through all of it, waits
/// included, and the bytes that the thread has allocated are counted.
class AllocationTest {
    private static final int BATCHES = 5_000;

    /// What the virtual machine itself may allocate in this thread, compiling. One object of 16 bytes a batch is 20
    /// times it.
    private static final long BOUND = BATCHES * 16L / 20;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @EachWay
    void theSteadyStateAllocatesNothing(Way way) {
        try (FramePool pool = FramePool.builder().frames(256).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.open(pool); FrameBatch batch = bridge.newBatch(8)) {
            Peer self = Peer.of(bridge.localAddress());
            assertAllocatesNothing(() -> ferry(pool, bridge, batch, self));
        }
    }

    private static void assertAllocatesNothing(Runnable batches) {
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 8 && allocated >= BOUND; round++) { // on a busy machine the compiler comes late
            long before = THREADS.getCurrentThreadAllocatedBytes();
            batches.run();
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(allocated < BOUND, allocated + " bytes for " + BATCHES + " batches");
    }

    /// Each batch: two frames leased, sent and received, with waits for them, and for nothing.
    private static void ferry(FramePool pool, Bridge bridge, FrameBatch batch, Peer self) {
        Duration moment = Duration.ofNanos(1);
        for (int i = 0; i < BATCHES; i++) {
            batch.release();
            while (batch.size() < 2) { // the second one into a batch that is not empty
                pool.lease(batch, 1);
            }
            for (Frame frame : batch) {
                frame.put(16).push(4).pull(4).trim(8).tag(i).peer(self);
                frame.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, frame.offset(), i);
            }
            assertEquals(2, bridge.send(batch, Numbered.LONG));
            for (int received = 0; received < 2;) {
                received += bridge.receive(batch, Numbered.LONG);
                for (Frame frame : batch) {
                    assertEquals(i, frame.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, frame.offset()));
                    assertTrue(frame.isFrom(self) && frame.timestamp() != 0 && frame.length() == 8);
                }
            }
            assertEquals(0, bridge.receive(batch));
            assertEquals(0, bridge.receive(batch, moment));
        }
    }

    @Test
    void aDeviceInJavaAddsNothing() {
        JavaDevice device = new JavaDevice() {
            @Override
            public int fill(FrameBatch frames) {
                for (Frame frame : frames) {
                    frame.put(8);
                }
                return 2;
            }

            @Override
            public int transmit(FrameBatch frames) {
                return frames.size();
            }
        };
        try (FramePool pool = FramePool.builder().frames(256).build(); Audits _ = Audits.of(pool);
             Bridge bridge = Bridge.builder(pool, device).mode(Bridge.Mode.INLINE).open();
             FrameBatch batch = bridge.newBatch(8)) {
            assertAllocatesNothing(() -> {
                for (int i = 0; i < BATCHES; i++) {
                    assertEquals(2, bridge.receive(batch));
                    assertEquals(2, bridge.send(batch));
                }
            });
        }
    }

    /// What leases, and gives back, over and over.
    enum Leasing {
        HANDLE {
            @Override
            void once(FramePool pool, Frame handle, FrameBatch batch) {
                assertTrue(pool.tryLease(handle));
                handle.put(8).tag(1);
                handle.release();
            }
        },
        BATCH {
            @Override
            void once(FramePool pool, Frame handle, FrameBatch batch) {
                assertEquals(100, pool.lease(batch, 100));
                batch.get(99).put(8).tag(1);
                batch.release();
            }
        },
        UNTIL_NONE_IS_FREE {
            @Override
            void once(FramePool pool, Frame handle, FrameBatch batch) {
                assertEquals(256, pool.lease(batch, 300));
                assertFalse(pool.tryLease(handle));
                batch.release();
            }
        };

        abstract void once(FramePool pool, Frame handle, FrameBatch batch);

        /// {@return the bytes that it allocated}
        long often(FramePool pool, Frame handle, FrameBatch batch) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < BATCHES; i++) {
                once(pool, handle, batch);
            }
            return THREADS.getCurrentThreadAllocatedBytes() - before;
        }
    }

    @ParameterizedTest
    @EnumSource
    void leasesAllocateNothing(Leasing leasing) {
        try (FramePool pool = FramePool.builder().frames(256).leakTracking(LeakTracking.OFF).build();
             Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(300)) {
            Frame handle = pool.newFrame();
            leasing.often(pool, handle, batch);
            long allocated = leasing.often(pool, handle, batch);
            assertTrue(allocated < BOUND, allocated + " bytes for " + BATCHES + " times");
        }
    }

    /// Single frames through a coalescing sender: full batches, and half ones that are flushed. A lease that is tracked
    /// allocates, and is none of the sender's.
    @ParameterizedTest
    @EnumSource
    void submittingAllocatesNothing(Bridge.Crossing crossing) throws IOException {
        try (FramePool pool = FramePool.builder().frames(256).leakTracking(LeakTracking.OFF).build();
             Audits _ = Audits.of(pool); OtherSide other = OtherSide.at(new InetSocketAddress("127.0.0.1", 0));
             Bridge bridge = new Way(Bridge.Mode.THREADED, crossing).open(pool, Way.ANY_PORT.connect(other.address()));
             CoalescingSender sender = CoalescingSender.builder(bridge).frames(4).open()) {
            Frame frame = pool.newFrame();
            submit(pool, sender, frame);
            submit(pool, sender, frame);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            submit(pool, sender, frame);
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < BOUND, allocated + " bytes for " + BATCHES + " batches");
        }
    }

    /// Each batch: six frames, of which four go because they are a batch, and two because they are asked for.
    private static void submit(FramePool pool, CoalescingSender sender, Frame frame) {
        for (int i = 0; i < BATCHES; i++) {
            for (int k = 0; k < 6; k++) {
                while (!pool.tryLease(frame)) {
                    assertFalse(Thread.interrupted(), "timed out without a frame");
                }
                frame.put(16);
                while (sender.trySubmit(frame) < 0) {
                    assertFalse(Thread.interrupted(), "timed out without room");
                }
            }
            sender.flush();
        }
    }
}
