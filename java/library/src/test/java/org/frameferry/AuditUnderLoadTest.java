// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Audits of a pool whose frames move all the time: estimates, but of as many frames as there are. Several threads.
class AuditUnderLoadTest {
    /// What a thread does with frames, over and over; in the end it has none.
    private interface Work {
        void once(int round) throws Exception;
    }

    /// All leases here together are of 1400 frames at most, always the same ones, for the last in is the first out.
    /// Many more than those must not be taken for leased.
    private static final int IN_USE = 5000;

    private final AtomicBoolean done = new AtomicBoolean();

    private Elsewhere<Void> start(Work work) {
        return Elsewhere.start(() -> {
            for (int round = 0; !done.get(); round++) {
                work.once(round);
            }
            return null;
        });
    }

    private void auditUntilDone(FramePool pool, int audits, boolean sound, List<Elsewhere<Void>> threads)
            throws Exception {
        try {
            for (int i = 0; i < audits; i++) {
                PoolAudit audit = pool.audit();
                assertEquals(pool.frames(), audit.frames());
                assertEquals(pool.frames(),
                        audit.free() + audit.cached() + audit.queued() + audit.device() + audit.leased(),
                        audit::toString);
                assertTrue(audit.sound() || !sound, audit::toString);
                assertTrue(audit.leased() <= IN_USE, audit::toString);
            }
        } finally {
            done.set(true);
            for (Elsewhere<Void> thread : threads) {
                thread.result();
            }
        }
    }

    private static void leaseSingly(FramePool pool, int n) {
        List<Frame> held = new ArrayList<>();
        for (Frame frame; held.size() < n && (frame = pool.tryLease()) != null;) {
            held.add(frame);
        }
        held.forEach(Frame::release);
    }

    private static void leaseShared(FramePool pool) {
        Frame frame = pool.tryLease();
        if (frame != null) {
            Frame holder = frame.share();
            frame.release();
            holder.release();
        }
    }

    private static void leaseMany(FramePool pool, FrameBatch batch, int n) {
        pool.lease(batch, n);
        if (!batch.isEmpty()) {
            batch.detach(0).release();
        }
        batch.release();
    }

    /// With few frames they go from magazine to magazine, with many, whole blocks go to the depot and come back.
    @ParameterizedTest
    @ValueSource(ints = {16, 300, 20_000})
    void whileThreadsLease(int frames) throws Exception {
        try (FramePool pool = FramePool.builder().frames(frames).frameSize(64).build(); Audits _ = Audits.of(pool);
             FrameBatch small = pool.newBatch(40); FrameBatch large = pool.newBatch(1024)) {
            List<Elsewhere<Void>> threads = List.of(start(round -> leaseSingly(pool, 1 + round % 300)),
                    start(_ -> leaseShared(pool)), start(_ -> leaseMany(pool, small, 40)),
                    start(round -> leaseMany(pool, large, 1 + round * 37 % 1024)));
            auditUntilDone(pool, 5_000, true, threads);
        }
    }

    @EachWay
    void whileABridgeSendsToItself(Way way) throws Exception {
        try (FramePool pool = FramePool.builder().frames(64).frameSize(128).build(); Audits _ = Audits.of(pool);
             Bridge bridge = way.open(pool); FrameBatch sent = pool.newBatch(16);
             FrameBatch received = pool.newBatch(16)) {
            Peer self = Peer.of(bridge.localAddress());
            Elsewhere<Void> thread = start(_ -> {
                pool.lease(sent, 16);
                for (Frame frame : sent) {
                    Numbered.write(frame, 1).peer(self);
                }
                bridge.send(sent);
                sent.release();
                bridge.receive(received);
                received.release();
            });
            // A poller gives frames back, then lets go of the ring's slots: stopped in between, it shows them twice.
            auditUntilDone(pool, 1000, false, List.of(thread));
        }
    }
}
