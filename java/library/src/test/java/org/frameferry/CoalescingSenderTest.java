// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Single frames over a bridge: sent when a batch is full, when they have lingered, when asked, on close; each once, in
/// order, or given back. Linger is an hour where the test itself says when it has passed, by a clock of its own.
@SuppressWarnings("try") // closed in the middle of their block: that is what is tested
class CoalescingSenderTest {
    private final AtomicLong clock = new AtomicLong(1_000_000);

    private static FramePool pool() {
        return FramePool.builder().frames(64).frameSize(128).build();
    }

    private static Bridge open(FramePool pool, OtherSide other, Bridge.Crossing crossing) throws IOException {
        Bridge bridge = new Way(Bridge.Mode.THREADED, crossing).open(pool, Way.ANY_PORT.connect(other.address()));
        other.meet(bridge);
        return bridge;
    }

    private static OtherSide other() throws IOException {
        return OtherSide.at(new InetSocketAddress("127.0.0.1", 0));
    }

    private CoalescingSenderBuilder builder(Bridge bridge) {
        return CoalescingSender.builder(bridge).frames(4).linger(Duration.ofHours(1)).clock(clock::get);
    }

    private static long submit(CoalescingSender sender, FramePool pool, long number) {
        return sender.submit(Numbered.write(pool.lease(Numbered.LONG), number), Numbered.LONG);
    }

    @ParameterizedTest
    @EnumSource
    void sentWhenABatchIsFull(Bridge.Crossing crossing) throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, crossing); CoalescingSender sender = builder(bridge).open()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(i, submit(sender, pool, i));
            }
            assertEquals(3, sender.statistics().pending());
            assertEquals(0, bridge.statistics().txFrames() + sender.statistics().sent());
            submit(sender, pool, 3);
            other.receive(0, 4);
            assertEquals(new CoalescingStatistics(4, 4, 0, 0, 0, 1, 1, 0, 0), sender.statistics());
        }
    }

    @ParameterizedTest
    @EnumSource
    void sentWhenTheFirstHasLingered(Bridge.Crossing crossing) throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, crossing); CoalescingSender sender = builder(bridge).open()) {
            submit(sender, pool, 0);
            clock.addAndGet(Duration.ofMinutes(59).toNanos());
            submit(sender, pool, 1);
            assertFalse(sender.lingered(), "one minute is left");
            clock.addAndGet(Duration.ofMinutes(1).toNanos());
            assertTrue(sender.lingered());
            other.receive(0, 2);
            submit(sender, pool, 2);
            assertFalse(sender.lingered(), "a new batch has its own hour");
            assertEquals(new CoalescingStatistics(3, 2, 0, 0, 1, 1, 0, 1, 0), sender.statistics());
        }
    }

    /// By the sender's own thread and the real clock.
    @Test
    void nobodyNeedsToAsk() throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED);
             CoalescingSender sender = CoalescingSender.builder(bridge).live().open()) {
            for (int i = 0; i < 10; i++) {
                submit(sender, pool, i);
                other.receive(i, i + 1);
            }
            assertEquals(10, sender.statistics().lingered());
            assertEquals(10, sender.statistics().crossings());
        }
    }

    @Test
    void aLoneCallerFlushes() throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED);
             CoalescingSender sender = builder(bridge).open()) {
            for (int i = 0; i < 10; i++) {
                submit(sender, pool, i);
                assertEquals(0, sender.flush());
                other.receive(i, i + 1);
            }
            assertEquals(0, sender.flush(), "nothing is pending");
            assertEquals(new CoalescingStatistics(10, 10, 0, 0, 0, 10, 0, 0, 10), sender.statistics());
        }
    }

    @Test
    void cancelledIsNotSent() throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED);
             CoalescingSender sender = builder(bridge).frames(8).open()) {
            long[] tickets = new long[5];
            for (int i = 0; i < 5; i++) {
                tickets[i] = submit(sender, pool, i == 0 ? 100 : i == 3 ? 101 : i < 3 ? i - 1 : i - 2);
            }
            assertTrue(sender.cancel(tickets[0]));
            assertTrue(sender.cancel(tickets[3]));
            assertFalse(sender.cancel(tickets[3]), "once only");
            assertFalse(sender.cancel(17), "never given out");
            assertEquals(3, pool.audit().leased(), "back in the pool");
            sender.flush();
            other.receive(0, 3);
            for (long ticket : tickets) {
                assertFalse(sender.cancel(ticket), "sent, or cancelled");
            }
            assertEquals(new CoalescingStatistics(5, 3, 2, 0, 0, 1, 0, 0, 1), sender.statistics());
        }
    }

    @Test
    void closeSendsTheRestAndRefusesNewcomers() throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED)) {
            CoalescingSender sender = builder(bridge).open();
            for (int round = 0; round < 3; round++) {
                submit(sender, pool, 2 * round);
                submit(sender, pool, 2 * round + 1);
                sender.close();
                sender.close();
                other.receive(2 * round, 2 * round + 2);
                try (Frame frame = pool.lease(Numbered.LONG)) {
                    String message = assertThrows(ClosedException.class, () -> sender.trySubmit(frame)).getMessage();
                    assertTrue(message.contains("open() opens it again"), message);
                    assertThrows(ClosedException.class, () -> sender.submit(frame, Numbered.LONG));
                    assertEquals(0, frame.length(), "still the caller's");
                }
                assertThrows(ClosedException.class, sender::flush);
                sender.open();
                sender.open();
            }
            submit(sender, pool, 6);
            sender.close();
            other.receive(6, 7);
        }
    }

    /// The thread that keeps the linger is there again, too.
    @Test
    void openedAgainItLingers() throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.MAPPED);
             CoalescingSender sender = CoalescingSender.builder(bridge).bulk().linger(Duration.ofMillis(1)).open()) {
            sender.close();
            sender.open();
            submit(sender, pool, 0);
            other.receive(0, 1);
        }
    }

    /// A ring of two has room for half of a batch of four; nobody asks for the rest, and it has an hour to linger.
    @ParameterizedTest
    @EnumSource
    void whatHadNoRoomIsSentAsSoonAsThereIsSome(Bridge.Crossing crossing) throws IOException {
        try (FramePool pool = FramePool.builder().frames(64).frameSize(128).ringCapacity(2).build();
             Audits _ = Audits.of(pool); OtherSide other = other(); Bridge bridge = open(pool, other, crossing);
             CoalescingSender sender = builder(bridge).open()) {
            for (int i = 0; i < 4; i++) {
                submit(sender, pool, i);
            }
            other.receive(0, 4);
        }
    }

    /// The same for a flush.
    @Test
    void whatAFlushLeavesIsSentAsSoonAsThereIsRoom() throws IOException {
        AtomicInteger room = new AtomicInteger();
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED);
             CoalescingSender sender = builder(bridge).crossing(limited(bridge, room)).open()) {
            submit(sender, pool, 0);
            assertEquals(1, sender.flush());
            room.set(1);
            other.receive(0, 1);
        }
    }

    /// A bridge that takes as many frames as the test says.
    private static ToIntFunction<FrameBatch> limited(Bridge bridge, AtomicInteger room) {
        return batch -> {
            if (room.get() < batch.size()) {
                return 0;
            }
            room.addAndGet(-batch.size());
            return bridge.sendFor(batch);
        };
    }

    /// Sent in part: the tickets that are left still name the frames that are left.
    @Test
    void cancelledAfterHalfWasSent() throws IOException {
        AtomicInteger room = new AtomicInteger(2);
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED); FrameBatch part = pool.newBatch(4);
             CoalescingSender sender = builder(bridge).crossing(batch -> {
                 int n = Math.min(room.getAndSet(0), batch.size());
                 batch.seize(); // as a bridge does: the sender's own thread may be the one that finds room
                 part.seize();
                 for (int i = 0; i < n; i++) {
                     part.add(batch.detach(0));
                 }
                 return n;
             }).open()) {
            for (int i = 0; i < 4; i++) {
                submit(sender, pool, i == 3 ? 100 : i);
            }
            assertFalse(sender.cancel(1));
            assertTrue(sender.cancel(3));
            assertEquals(2, part.size());
            room.set(4);
            sender.close();
            part.seize();
            assertEquals(3, Numbered.check(part, 0));
            assertEquals(4, sender.statistics().submitted());
            assertEquals(3, sender.statistics().sent());
            assertEquals(1, sender.statistics().cancelled());
        }
    }

    /// As long as there is no room: trySubmit refuses, submit waits for as long as told, and the frame stays the
    /// caller's.
    @Test
    void noRoomLeavesTheFrameToItsCaller() throws IOException {
        AtomicInteger room = new AtomicInteger();
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED);
             CoalescingSender sender = builder(bridge).frames(2).crossing(limited(bridge, room)).open();
             Frame frame = Numbered.write(pool.lease(Numbered.LONG), 2)) {
            submit(sender, pool, 0);
            submit(sender, pool, 1);
            assertEquals(-1, sender.trySubmit(frame));
            assertEquals(-1, sender.submit(frame, Duration.ofMillis(1)));
            assertEquals(-1, sender.submit(frame, Duration.ZERO));
            Thread.currentThread().interrupt();
            assertEquals(-1, sender.submit(frame, Numbered.LONG));
            assertTrue(Thread.interrupted(), "stays set");
            assertEquals(2, Numbered.read(frame), "still the caller's");
            assertEquals(new CoalescingStatistics(2, 0, 0, 0, 2, 0, 0, 0, 0), sender.statistics());
            room.set(100);
            assertEquals(2, sender.submit(Numbered.write(pool.lease(Numbered.LONG), 2), Numbered.LONG));
            sender.flush();
            other.receive(0, 3);
        }
    }

    /// A close that waits for room refuses newcomers at once, tells what it has, and lets frames be cancelled;
    /// interrupted, it goes on. Who closes or opens meanwhile waits for it.
    @Test
    void aCloseThatWaitsForRoomHoldsNobodyUp() throws Exception {
        AtomicInteger room = new AtomicInteger();
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED);
             CoalescingSender sender = builder(bridge).drain(Duration.ofSeconds(20)).crossing(limited(bridge, room)).open();
             Frame frame = Numbered.write(pool.lease(Numbered.LONG), 2)) {
            long first = submit(sender, pool, 100);
            submit(sender, pool, 0);
            submit(sender, pool, 1);
            Elsewhere<Boolean> closing = Elsewhere.start(() -> {
                sender.close();
                return Thread.interrupted();
            });
            Elsewhere.until(() -> refuses(sender, frame));
            assertThrows(ClosedException.class, () -> sender.submit(frame, Numbered.LONG));
            assertEquals(3, sender.statistics().pending());
            assertTrue(sender.cancel(first));
            closing.thread().interrupt();
            Elsewhere<Integer> opening = Elsewhere.start(() -> {
                sender.open();
                return sender.statistics().pending();
            });
            Elsewhere<Integer> second = Elsewhere.start(() -> {
                sender.close();
                return sender.statistics().pending();
            });
            room.set(2);
            other.receive(0, 2);
            assertTrue(closing.result(), "the interrupt stays set");
            assertEquals(0, opening.result());
            assertEquals(0, second.result());
            assertEquals(2, sender.statistics().sent());
            assertEquals(0, sender.statistics().unsent());
        }
    }

    /// Whether the close has begun.
    private static boolean refuses(CoalescingSender sender, Frame frame) {
        try {
            sender.flush();
            return false;
        } catch (ClosedException e) {
            assertThrows(ClosedException.class, () -> sender.trySubmit(frame));
            return true;
        }
    }

    @Test
    void aCloseWithoutRoomGivesUp() throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED); FrameBatch batch = pool.newBatch(1)) {
            CoalescingSender sender = builder(bridge).drain(Duration.ofMillis(1)).crossing(_ -> 0).open();
            submit(sender, pool, 0);
            assertEquals("1 frames could not be sent, and are back in the pool: the bridge had no room for PT0.001S",
                    assertThrows(IllegalStateException.class, sender::close).getMessage());
            assertEquals(new CoalescingStatistics(1, 0, 0, 1, 0, 0, 0, 0, 0), sender.statistics());
            assertEquals(0, pool.audit().leased());
            Numbered.lease(pool, batch, 1);
            Numbered.write(batch.get(0), 0);
            assertEquals(1, bridge.send(batch), "the send end is free again");
            other.receive(0, 1);
        }
    }

    /// A ring of two that a device drains slowly, if at all: what has no room stays pending, and one more is refused.
    @Test
    void withoutRoomTheFrameStaysTheCallers() throws IOException {
        try (FramePool pool = FramePool.builder().frames(64).frameSize(128).ringCapacity(2).build();
             Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED);
             CoalescingSender sender = builder(bridge).frames(2).open()) {
            int number = 0;
            while (number < 2000) { // the poller is a thread of its own: now and then it is slower than we are
                Frame frame = Numbered.write(pool.lease(Numbered.LONG), number);
                if (sender.trySubmit(frame) < 0) {
                    assertEquals(number, Numbered.read(frame), "still the caller's");
                    frame.release();
                } else {
                    number++;
                }
            }
            sender.close();
            assertEquals(2000, sender.statistics().sent());
            assertEquals(0, sender.statistics().pending());
        }
    }

    @Test
    void aBridgeThatEndsGivesEverythingBack() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other()) {
            Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED);
            CoalescingSender sender = builder(bridge).open();
            submit(sender, pool, 0);
            bridge.close();
            submit(sender, pool, 1);
            assertThrows(ClosedException.class, sender::flush);
            assertEquals(new CoalescingStatistics(2, 0, 0, 2, 0, 0, 0, 0, 0), sender.statistics());
            assertEquals(0, pool.audit().leased());
            try (Frame frame = pool.lease(Numbered.LONG)) {
                assertThrows(ClosedException.class, () -> sender.trySubmit(frame));
            }
            sender.close(); // the caller knows already
            assertThrows(ClosedException.class, sender::open);
        }
    }

    @Test
    void closeTellsWhatCouldNotBeSent() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other()) {
            Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED);
            CoalescingSender sender = builder(bridge).open();
            submit(sender, pool, 0);
            bridge.close();
            String message = assertThrows(IllegalStateException.class, sender::close).getMessage();
            assertEquals("1 frames could not be sent, and are back in the pool: the bridge ended", message);
            sender.close();
        }
    }

    @Test
    void theSendEndIsTheSendersAlone() throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED); FrameBatch batch = bridge.newBatch(1)) {
            CoalescingSender sender = builder(bridge).open();
            pool.lease(batch, 1);
            String message = assertThrows(IllegalStateException.class, () -> bridge.send(batch)).getMessage();
            assertTrue(message.contains("belongs to a CoalescingSender"), message);
            assertThrows(IllegalStateException.class, () -> bridge.send(batch, Numbered.LONG));
            assertThrows(IllegalStateException.class, () -> builder(bridge).open());
            sender.close();
            Numbered.write(batch.get(0), 0);
            assertEquals(1, bridge.send(batch));
            other.receive(0, 1);
        }
    }

    /// A thread that sends by itself has the send end until it lets go of it: no sender takes it away under its hands.
    @Test
    void notFromUnderAnotherThread() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED); FrameBatch batch = pool.newBatch(1)) {
            assertEquals(0, bridge.send(batch));
            Elsewhere.run(() -> assertThrows(WrongThreadException.class, () -> builder(bridge).open()));
            Numbered.lease(pool, batch, 1);
            Numbered.write(batch.get(0), 0);
            assertEquals(1, bridge.send(batch), "this thread still sends");
            other.receive(0, 1);
            bridge.unbindSender();
            Elsewhere.run(() -> {
                try (CoalescingSender sender = builder(bridge).open()) {
                    submit(sender, pool, 1);
                    assertThrows(IllegalStateException.class, bridge::unbindSender);
                }
            });
            other.receive(1, 2);
        }
    }

    @Test
    void aClosedBridgeIsRefusedWhoeverSent() throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); OtherSide other = other();
             Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED); FrameBatch batch = pool.newBatch(1)) {
            bridge.send(batch);
            Elsewhere.run(() -> {
                bridge.close();
                assertThrows(ClosedException.class, () -> builder(bridge).open());
            });
        }
    }

    @Test
    void wrongFrames() throws IOException {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool); FramePool stranger = pool();
             OtherSide other = other(); Bridge bridge = open(pool, other, Bridge.Crossing.BATCHED);
             CoalescingSender sender = builder(bridge).open(); Frame foreign = stranger.lease();
             FrameBatch batch = pool.newBatch(1)) {
            assertThrows(ForeignFrameException.class, () -> sender.trySubmit(foreign));
            Frame frame = pool.lease(Numbered.LONG);
            frame.release();
            assertThrows(FrameReleasedException.class, () -> sender.trySubmit(frame));
            pool.lease(batch, 1);
            assertThrows(IllegalArgumentException.class, () -> sender.trySubmit(batch.get(0)));
            assertEquals(0, sender.statistics().pending());
            assertEquals(0, sender.statistics().submitted());
        }
    }

    @Test
    void wrongOptions() {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool);
             Bridge inline = Bridge.builder(pool, Way.ANY_PORT).mode(Bridge.Mode.INLINE).open();
             Bridge bridge = Bridge.open(pool, Way.ANY_PORT)) {
            String message = assertThrows(IllegalArgumentException.class, () -> CoalescingSender.builder(inline))
                    .getMessage();
            assertTrue(message.contains("needs Bridge.Mode.THREADED"), message);
            CoalescingSenderBuilder builder = CoalescingSender.builder(bridge);
            assertThrows(IllegalArgumentException.class, () -> builder.frames(0));
            assertThrows(IllegalArgumentException.class, () -> builder.frames(1025));
            assertThrows(IllegalArgumentException.class, () -> builder.linger(Duration.ofNanos(-1)));
            assertThrows(IllegalArgumentException.class, () -> builder.linger(Duration.ofMinutes(61)));
            assertThrows(IllegalArgumentException.class, () -> builder.drain(Duration.ofNanos(-1)));
        }
    }
}
