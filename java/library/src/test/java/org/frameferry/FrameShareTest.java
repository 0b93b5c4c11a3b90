// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Exchanger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Several holders of one frame: each has a window and a release of its own, nobody writes, the last one gives it back.
class FrameShareTest {
    private static final byte[] BYTES = {1, 2, 3, 4, 5, 6, 7, 8};

    private static FramePool pool(LeakTracking tracking) {
        return FramePool.builder().frames(4).frameSize(100).leakTracking(tracking).build();
    }

    @ParameterizedTest
    @EnumSource
    void theLastReleaseGivesTheFrameBack(LeakTracking tracking) {
        try (FramePool pool = pool(tracking); Audits _ = Audits.of(pool)) {
            for (int round = 0; round < 3; round++) {
                Frame first = pool.lease().copyIn(BYTES);
                List<Frame> holders = new ArrayList<>(List.of(first, first.share(), first.share()));
                holders.add(holders.get(1).share());
                assertEquals(1, pool.audit().leased(), "a shared frame counts once");
                while (!holders.isEmpty()) {
                    assertEquals(holders.size() > 1, holders.getFirst().isShared());
                    Frame holder = holders.remove(holders.size() / 2);
                    assertEquals(8, holder.length());
                    holder.release();
                    assertThrows(FrameReleasedException.class, holder::release);
                    assertThrows(FrameReleasedException.class, holder::length);
                    assertThrows(FrameReleasedException.class, holder::share);
                    assertEquals(holders.isEmpty() ? 0 : 1, pool.audit().leased());
                }
            }
        }
    }

    @Test
    void eachHolderHasItsOwnWindow() {
        try (FramePool pool = pool(LeakTracking.OFF); Audits _ = Audits.of(pool);
             Frame one = pool.lease().copyIn(BYTES); Frame two = one.share()) {
            one.pull(2).trim(3);
            two.trim(7);
            byte[] target = new byte[8];
            assertEquals(3, one.copyOut(target, 1));
            assertArrayEquals(new byte[] {0, 3, 4, 5, 0, 0, 0, 0}, target);
            assertEquals(7, two.length());
        }
    }

    @Test
    void nobodyWritesASharedFrame() {
        try (FramePool pool = pool(LeakTracking.OFF); Audits _ = Audits.of(pool);
             Frame one = pool.lease().copyIn(BYTES); FrameBatch batch = pool.newBatch(1)) {
            Frame two = one.share();
            for (Frame frame : new Frame[] {one, two}) {
                assertTrue(frame.memory().isReadOnly());
                assertEquals(1, frame.memory().get(ValueLayout.JAVA_BYTE, frame.offset()));
                assertThrows(IllegalArgumentException.class,
                        () -> frame.memory().set(ValueLayout.JAVA_BYTE, frame.offset(), (byte) 1));
                assertThrows(FrameSharedException.class, () -> frame.tag(1));
                assertThrows(FrameSharedException.class,
                        () -> frame.peer(Peer.of(new InetSocketAddress("127.0.0.1", 9))));
                assertThrows(FrameSharedException.class, () -> frame.copyIn(BYTES));
                assertThrows(FrameSharedException.class, () -> batch.add(frame));
                assertEquals(8, frame.length(), "nothing has changed");
            }
            two.release();
            assertFalse(one.memory().isReadOnly());
            one.tag(1).copyIn(BYTES);
            assertEquals(16, one.length());
        }
    }

    @Test
    void handedOnWhenItIsOnesOwnAgain() {
        try (FramePool pool = pool(LeakTracking.EVERY); Audits _ = Audits.of(pool);
             FrameBatch batch = pool.newBatch(1)) {
            Frame one = pool.lease();
            one.share().release();
            batch.add(one);
            assertThrows(FrameReleasedException.class, one::release);
            assertThrows(IllegalArgumentException.class, () -> batch.get(0).share());
        }
    }

    @Test
    void windowsMoveOnlyForTheirHolder() {
        try (FramePool pool = pool(LeakTracking.OFF); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(2);
             Frame one = pool.lease().copyIn(BYTES).tag(42)) {
            one.pull(3).trim(2);
            Frame two = one.share();
            assertEquals(2, two.length(), "the window of whom it was made from");
            assertEquals(42, two.tag(), "one metadata line for all");
            two.push(two.headroom()).put(two.tailroom());
            assertEquals(two.capacity(), two.length());
            assertEquals(2, one.length());
            pool.lease(batch, 1);
            assertThrows(IllegalArgumentException.class, () -> batch.get(0).share(), "a cursor: detach it first");
            assertFalse(batch.get(0).isShared());
            two.release();
            assertThrows(FrameReleasedException.class, two::isShared);
        }
    }

    /// Both holders are released at the same time, and twice: each counts once, and one brings the frame back.
    @ParameterizedTest
    @EnumSource
    void holdersReleasedByTwoThreads(LeakTracking tracking) throws Exception {
        try (FramePool pool = pool(tracking); Audits _ = Audits.of(pool)) {
            Exchanger<Frame> exchanger = new Exchanger<>();
            Elsewhere<Void> other = Elsewhere.start(() -> {
                for (Frame holder; (holder = exchanger.exchange(null)) != null;) {
                    releaseTwice(holder);
                    exchanger.exchange(null);
                }
                return null;
            });
            for (int i = 0; i < 2000; i++) {
                Frame frame = pool.lease();
                exchanger.exchange(frame.share());
                releaseTwice(frame);
                exchanger.exchange(null);
                assertEquals(0, pool.audit().leased());
            }
            exchanger.exchange(null);
            other.result();
        }
    }

    private static void releaseTwice(Frame holder) {
        holder.release();
        assertThrows(FrameReleasedException.class, holder::release);
    }
}
