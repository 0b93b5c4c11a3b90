// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/// A lease ends once: whatever is used or released after that throws, every method of it, and takes no frame from its
/// next owner.
class FrameLeaseTest {
    private static final String LEFT =
            "this frame has left its batch: it was released, sent, detached or replaced by later ones";
    private static final Peer PEER = Peer.of(new InetSocketAddress("127.0.0.1", 9));

    private static FramePool pool() {
        return FramePool.builder().frames(16).build();
    }

    /// All that can be done with a frame, but for its capacity, which is the same for all.
    private static Stream<Executable> uses(Frame frame) {
        return Stream.of(frame::memory, frame::offset, frame::length, frame::headroom, frame::tailroom,
                () -> frame.put(0), () -> frame.push(0), () -> frame.pull(0), () -> frame.trim(0), frame::timestamp,
                frame::tag, () -> frame.tag(1), frame::metadataOffset, frame::peer, () -> frame.peer(PEER),
                () -> frame.isFrom(PEER));
    }

    private static void assertStale(Frame frame, String message) {
        uses(frame).forEach(
                use -> assertEquals(message, assertThrows(FrameReleasedException.class, use).getMessage()));
    }

    /// What ends the lease of a cursor. One frame of 16 stays free.
    interface End {
        void of(FramePool pool, FrameBatch batch);
    }

    private static DynamicTest staleAfter(String name, End end) {
        return DynamicTest.dynamicTest(name, () -> {
            try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(16)) {
                pool.lease(batch, 15);
                Frame cursor = batch.get(1);
                cursor.put(4);
                end.of(pool, batch);
                assertStale(cursor, LEFT);
            }
        });
    }

    @TestFactory
    List<DynamicTest> aCursorIsStaleAfter() {
        return List.of(staleAfter("release", (_, batch) -> batch.release()),
                staleAfter("close", (_, batch) -> batch.close()),
                staleAfter("lease", (pool, batch) -> assertEquals(1, pool.lease(batch, 1))),
                staleAfter("detach of it", (_, batch) -> batch.detach(1).release()),
                staleAfter("detach of another", (_, batch) -> batch.detach(14).release()),
                staleAfter("detach and add", (_, batch) -> batch.add(batch.detach(1))));
    }

    @EachWay
    void aCursorIsStaleAfterReceive(Way way) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch batch = pool.newBatch(4)) {
            Numbered.lease(pool, batch, 4);
            Frame cursor = batch.get(0);
            assertEquals(0, bridge.receive(batch));
            assertStale(cursor, LEFT);
            assertEquals(0, batch.size());
        }
    }

    @EachWay
    void aCursorIsStaleAfterSend(Way way) {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); Bridge bridge = way.open(pool);
             FrameBatch batch = pool.newBatch(4)) {
            Numbered.lease(pool, batch, 0, 4, Peer.of(bridge.localAddress()));
            Frame cursor = batch.get(0);
            assertEquals(4, bridge.send(batch, Numbered.LONG));
            assertStale(cursor, LEFT);
        }
    }

    @Test
    void aStaleCursorDoesNotReachTheNextFrames() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(2)) {
            pool.lease(batch, 2);
            Frame cursor = batch.get(1);
            batch.release();
            pool.lease(batch, 2);
            assertThrows(FrameReleasedException.class, () -> cursor.put(100));
            assertThrows(FrameReleasedException.class, () -> cursor.tag(7));
            assertEquals(0, batch.get(0).length());
            assertEquals(0, batch.get(1).length());
        }
    }

    @Test
    void releasedOnce() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(2)) {
            pool.lease(batch, 2);
            Frame frame = batch.detach(0);
            frame.release();
            String message = "this frame was released, or never leased";
            assertEquals(message, assertThrows(FrameReleasedException.class, frame::release).getMessage());
            assertEquals(message, assertThrows(FrameReleasedException.class, frame::close).getMessage());
            assertEquals(message, assertThrows(FrameReleasedException.class, () -> batch.add(frame)).getMessage());
            assertStale(frame, message);
            assertEquals(1, pool.audit().leased());
            assertEquals(1, batch.size());
        }
    }

    /// Every round one of the two gets the exception, and the frame comes back to the pool once. Both spin, so as to
    /// start within a few nanoseconds of each other.
    @Test
    void ofTwoRacingReleasesOneThrows() throws Exception {
        int rounds = 20_000;
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(1)) {
            AtomicReference<Frame> offered = new AtomicReference<>();
            AtomicInteger done = new AtomicInteger();
            Elsewhere<Integer> other = Elsewhere.start(() -> {
                int released = 0;
                for (int i = 0; i < rounds; i++) {
                    spinUntil(() -> offered.get() != null);
                    released += tryRelease(offered.getAndSet(null));
                    done.incrementAndGet();
                }
                return released;
            });
            int released = 0;
            for (int i = 0; i < rounds; i++) {
                assertEquals(1, pool.lease(batch, 1));
                Frame frame = batch.detach(0);
                offered.set(frame);
                spinUntil(() -> offered.get() == null);
                released += tryRelease(frame);
                int finished = i + 1;
                spinUntil(() -> done.get() == finished);
            }
            assertEquals(rounds, released + other.result());
            assertEquals(0, pool.audit().leased());
        }
    }

    private static void spinUntil(BooleanSupplier done) {
        for (int i = 1; !done.getAsBoolean(); i++) {
            if (i % 1000 == 0) {
                Thread.yield(); // where there is but one core
            }
        }
    }

    private static int tryRelease(Frame frame) {
        try {
            frame.release();
            return 1;
        } catch (FrameReleasedException e) {
            return 0;
        }
    }
}
