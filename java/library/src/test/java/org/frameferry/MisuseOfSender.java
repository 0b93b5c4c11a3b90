// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CLOSED;
import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.FOREIGN;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.RELEASED;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.frameferry.Misuse.WRONG_THREAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// [CoalescingSender], whose methods are for any thread. It calls nothing of the user's.
final class MisuseOfSender {
    private MisuseOfSender() {
    }

    /// One of the two ways to submit.
    private interface Submit {
        long to(CoalescingSender sender, Frame frame) throws Exception;
    }

    static List<MisuseRow> rows() {
        List<MisuseRow> rows = new ArrayList<>();
        rows.add(row("builder(Bridge)").gives(CLOSED, "works", w -> CoalescingSender.builder(w.closedBridge()))
                .refuses(NULL, NullPointerException.class, _ -> CoalescingSender.builder(null))
                .refuses(FOREIGN, "inline: ", IllegalArgumentException.class, w -> CoalescingSender.builder(w.card()))
                .gives(CONCURRENT, "works", w -> {
                    Bridge loop = w.loop();
                    MisuseRace.run(() -> { }, () -> CoalescingSender.builder(loop), null, _ -> { });
                }));
        rows.add(submits(row("trySubmit(Frame)"), CoalescingSender::trySubmit));
        rows.add(submits(row("submit(Frame, Duration)"), (sender, frame) -> sender.submit(frame, Duration.ofNanos(1)))
                .refuses(NULL, "patience: ", NullPointerException.class, w -> w.sender(4).submit(w.frame(), null))
                .gives(NEGATIVE, "as zero", w -> {
                    CoalescingSender full = full(w);
                    Frame frame = w.frame();
                    assertEquals(-1, full.submit(frame, Duration.ofSeconds(-1)));
                    frame.release();
                })
                .gives(TOO_LARGE, "patience: waits for room", MisuseOfSender::waitForRoom));
        rows.add(cancel());
        rows.add(row("flush()").refuses(CLOSED, ClosedException.class, w -> w.closedSender().flush(),
                w -> overClosedBridge(w).flush())
                .gives(CONCURRENT, "works", w -> {
                    CoalescingSender sender = w.sender(4);
                    MisuseRace.untilClosed(sender::flush, ClosedException.class, sender::close);
                }));
        rows.add(open());
        rows.add(close());
        rows.add(row("statistics()").gives(CLOSED, "works", w -> w.closedSender().statistics())
                .gives(CONCURRENT, "works", w -> {
                    CoalescingSender sender = w.sender(4);
                    MisuseRace.untilClosed(sender::statistics, null, sender::close);
                }));
        return rows;
    }

    private static MisuseRow row(String signature) {
        return MisuseRow.row(CoalescingSender.class, signature);
    }

    /// With a frame that can never be sent.
    private static CoalescingSender overClosedBridge(MisuseWorld w) {
        Bridge loop = w.loop();
        CoalescingSender sender = w.sender(loop, 4);
        sender.trySubmit(w.frame());
        loop.close();
        return sender;
    }

    /// Two frames in the ring, two pending.
    private static CoalescingSender full(MisuseWorld w) {
        CoalescingSender sender = w.sender(2);
        for (int i = 0; i < 4; i++) {
            assertEquals(i, sender.trySubmit(w.pool.lease()));
        }
        return sender;
    }

    private static MisuseRow submits(MisuseRow row, Submit submit) {
        return row.refuses(CLOSED, ClosedException.class, w -> submit.to(w.closedSender(), w.frame()))
                .gives(CLOSED, "the bridge: counted as unsent", w -> {
                    CoalescingSender sender = overClosedBridge(w);
                    assertEquals(1, submit.to(sender, w.pool.lease()));
                    assertThrowsExactly(ClosedException.class, sender::flush);
                    assertEquals(2, sender.statistics().unsent());
                })
                .refuses(NULL, NullPointerException.class, w -> submit.to(w.sender(4), null))
                .gives(TOO_LARGE, "more than there is room for: -1", w -> {
                    CoalescingSender full = full(w);
                    Frame frame = w.frame();
                    assertEquals(-1, submit.to(full, frame));
                    frame.release();
                })
                .refuses(RELEASED, FrameReleasedException.class, w -> submit.to(w.sender(4), w.released()),
                        w -> submit.to(w.sender(4), w.pool.newFrame()))
                .refuses(FOREIGN, ForeignFrameException.class, w -> submit.to(w.sender(4), w.frame(w.other())))
                .refuses(FOREIGN, "of a batch: ", IllegalArgumentException.class,
                        w -> submit.to(w.sender(4), w.batch(1).get(0)))
                .refuses(FOREIGN, "shared: ", FrameSharedException.class, w -> submit.to(w.sender(4), w.shared()))
                .gives(CONCURRENT, "of one frame: FrameReleasedException for one", w -> submitTwice(w, submit),
                        w -> submitWhileClosed(w, submit));
    }

    private static void submitTwice(MisuseWorld w, Submit submit) throws Exception {
        CoalescingSender sender = w.sender(4);
        AtomicReference<Frame> frame = new AtomicReference<>();
        AtomicLong ticket = new AtomicLong();
        MisuseRace.run(() -> frame.set(w.pool.lease(Numbered.LONG)), () -> ticket.set(submit.to(sender, frame.get())),
                FrameReleasedException.class, refused -> {
                    assertEquals(1, refused);
                    assertTrue(sender.cancel(ticket.get()));
                });
    }

    private static void submitWhileClosed(MisuseWorld w, Submit submit) throws Exception {
        CoalescingSender sender = w.sender(4);
        MisuseRace.untilClosed(() -> {
            Frame frame = w.pool.lease(Numbered.LONG); // the other thread may have the depot's only block in its hands
            try {
                sender.cancel(submit.to(sender, frame));
            } catch (ClosedException e) {
                frame.release();
                throw e;
            }
        }, ClosedException.class, () -> assertSent(sender));
    }

    /// What is pending when it closes goes to the ring, which may have no room: then close says so.
    private static void assertSent(CoalescingSender sender) {
        try {
            sender.close();
        } catch (IllegalStateException e) {
            assertTrue(sender.statistics().unsent() > 0, e.getMessage());
        }
    }

    private static void waitForRoom(MisuseWorld w) throws Exception {
        Bridge loop = w.loop();
        CoalescingSender sender = w.sender(loop, 2);
        for (int i = 0; i < 4; i++) {
            sender.trySubmit(w.pool.lease());
        }
        Frame fifth = w.frame();
        Elsewhere<Long> submit = Elsewhere.start(() -> sender.submit(fifth, MisuseWorld.FOR_EVER));
        Elsewhere.until(() -> submit.thread().getState() == Thread.State.TIMED_WAITING);
        FrameBatch received = w.batch(0);
        while (loop.receive(received) > 0 || submit.thread().isAlive()) {
            Thread.onSpinWait();
        }
        assertEquals(4, submit.result());
        loop.unbindReceiver();
    }

    private static MisuseRow cancel() {
        return row("cancel(long)").gives(CLOSED, "false", w -> {
            CoalescingSender sender = w.sender(4);
            long ticket = sender.trySubmit(w.pool.lease());
            sender.close();
            assertFalse(sender.cancel(ticket));
        }).gives(NEGATIVE, "false", w -> assertFalse(pending(w).cancel(-1)))
                .gives(TOO_LARGE, "false", w -> assertFalse(pending(w).cancel(1)),
                        w -> assertFalse(pending(w).cancel(Long.MAX_VALUE)))
                .gives(RELEASED, "false", w -> {
                    CoalescingSender sender = pending(w);
                    assertTrue(sender.cancel(0));
                    assertFalse(sender.cancel(0));
                })
                .gives(CONCURRENT, "true for one", MisuseOfSender::cancelTwice);
    }

    private static CoalescingSender pending(MisuseWorld w) {
        CoalescingSender sender = w.sender(4);
        assertEquals(0, sender.trySubmit(w.pool.lease()));
        return sender;
    }

    private static void cancelTwice(MisuseWorld w) throws Exception {
        CoalescingSender sender = w.sender(4);
        AtomicLong ticket = new AtomicLong();
        AtomicLong cancelled = new AtomicLong();
        MisuseRace.run(() -> ticket.set(sender.trySubmit(w.pool.lease(Numbered.LONG))), () -> {
            if (sender.cancel(ticket.get())) {
                cancelled.incrementAndGet();
            }
        }, null, _ -> assertEquals(ticket.get() + 1, cancelled.get()));
    }

    private static MisuseRow open() {
        return row("open()").gives(CLOSED, "opens it again", w -> {
            CoalescingSender sender = w.closedSender();
            sender.open();
            assertEquals(0, sender.flush());
            sender.open();
        }).refuses(CLOSED, "the bridge: ", ClosedException.class, w -> {
            CoalescingSender sender = overClosedBridge(w);
            assertThrowsExactly(IllegalStateException.class, sender::close);
            sender.open();
        }).refuses(WRONG_THREAD, WrongThreadException.class, w -> {
            Bridge loop = w.loop();
            CoalescingSender sender = w.sender(loop, 4);
            sender.close();
            loop.send(w.batch(0));
            MisuseWorld.stranger(sender::open);
        }).refuses(FOREIGN, "of another sender: ", IllegalStateException.class, w -> {
            Bridge loop = w.loop();
            CoalescingSender sender = w.sender(loop, 4);
            sender.close();
            w.sender(loop, 4);
            sender.open();
        }).gives(CONCURRENT, "works", w -> {
            CoalescingSender sender = w.sender(4);
            MisuseRace.run(MisuseRace.ROUNDS / 4, sender::close, sender::open, sender::open, null, _ -> { });
            MisuseRace.run(MisuseRace.ROUNDS / 4, () -> { }, sender::open, sender::close, null, _ -> { });
        });
    }

    private static MisuseRow close() {
        return row("close()").gives(CLOSED, "nothing", w -> w.closedSender().close())
                .refuses(CLOSED, "the bridge, with frames pending: ", IllegalStateException.class,
                        w -> overClosedBridge(w).close())
                .gives(CONCURRENT, "works", w -> {
                    CoalescingSender sender = w.sender(4);
                    MisuseRace.run(MisuseRace.ROUNDS / 4, sender::open, sender::close, sender::close, null, _ -> { });
                });
    }
}
