// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CLOSED;
import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.FOREIGN;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.REENTRANT;
import static org.frameferry.Misuse.RELEASED;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.frameferry.Misuse.WRONG_THREAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// [Bridge], over a socket and in each way: threaded and inline, batched and mapped.
final class MisuseOfBridge {
    /// Of bridges that are opened and closed: there are four ways, and a socket takes its time.
    private static final int ROUNDS = MisuseRace.ROUNDS / 8;

    private MisuseOfBridge() {
    }

    /// What two threads do with a bridge, each with a batch of its own.
    private interface Use {
        int of(Bridge bridge, FrameBatch batch) throws Exception;
    }

    static List<MisuseRow> rows() {
        List<MisuseRow> rows = new ArrayList<>();
        rows.addAll(open());
        for (String getter : List.of("statistics()", "localAddress()", "mode()", "crossing()", "isClosed()")) {
            MisuseRow row = row(getter);
            rows.add(row.gives(CLOSED, "works", w -> row.call(w.closedBridge())).gives(CONCURRENT, "works", w -> {
                Bridge bridge = w.bridge();
                MisuseRace.untilClosed(() -> row.call(bridge), null, bridge::close);
            }));
        }
        rows.add(row("newBatch(int)")
                .gives(CLOSED, "an empty batch", w -> assertTrue(w.closedBridge().newBatch(1).isEmpty()))
                .refuses(NEGATIVE, IllegalArgumentException.class, w -> w.bridge().newBatch(-1))
                .refuses(TOO_LARGE, IllegalArgumentException.class, w -> w.bridge().newBatch(1025))
                .gives(CONCURRENT, "works", w -> {
                    Bridge bridge = w.bridge();
                    MisuseRace.untilClosed(() -> bridge.newBatch(1), null, bridge::close);
                }));
        rows.add(receive(row("receive(FrameBatch)"), Bridge::receive));
        rows.add(receive(row("receive(FrameBatch, Duration)"), (b, batch) -> b.receive(batch, Duration.ofNanos(1)))
                .refuses(NULL, NullPointerException.class, w -> w.bridge().receive(w.batch(1), null))
                .gives(NEGATIVE, "as zero",
                        w -> assertEquals(0, w.bridge().receive(w.batch(1), Duration.ofSeconds(-1))))
                .gives(TOO_LARGE, "waits until something comes, or it is closed", MisuseOfBridge::closeSleeper));
        rows.add(send(row("send(FrameBatch)"), Bridge::send));
        rows.add(send(row("send(FrameBatch, Duration)"), (b, batch) -> b.send(batch, Duration.ofNanos(1)))
                .refuses(NULL, NullPointerException.class, w -> w.bridge().send(w.batch(1), null))
                .gives(NEGATIVE, "as zero", w -> w.bridge().send(w.batch(1), Duration.ofSeconds(-1)))
                .gives(TOO_LARGE, "waits until all are taken", w -> {
                    FrameBatch batch = w.batch(3); // and the ring has room for two
                    assertEquals(3, w.bridge().send(batch, MisuseWorld.FOR_EVER));
                }));
        rows.add(unbind(row("unbindReceiver()"), (bridge, batch) -> bridge.receive(batch)));
        rows.add(unbind(row("unbindSender()"), (bridge, batch) -> bridge.send(batch)));
        rows.add(close());
        return rows;
    }

    private static MisuseRow row(String signature) {
        return MisuseRow.row(Bridge.class, signature).eachWay();
    }

    private static List<MisuseRow> open() {
        return List.of(row("open(FramePool, Device)")
                .refuses(CLOSED, ClosedException.class, w -> Bridge.open(w.closedPool(), Way.ANY_PORT))
                .refuses(NULL, NullPointerException.class, w -> Bridge.open(null, Way.ANY_PORT),
                        w -> Bridge.open(w.pool, null))
                .refuses(TOO_LARGE, "more than the pool has: ", FerryException.class, w -> {
                    w.bridge();
                    w.bridge();
                    Bridge.open(w.pool, Way.ANY_PORT);
                })
                .gives(CONCURRENT, "works", w -> MisuseRace.run(ROUNDS, () -> { },
                        () -> Bridge.open(w.pool, Way.ANY_PORT).close(),
                        () -> Bridge.open(w.pool, Loop.device()).close(), null, _ -> { })),
                row("builder(FramePool, Device)").gives(CLOSED, "works",
                        w -> Bridge.builder(w.closedPool(), Way.ANY_PORT))
                        .refuses(NULL, NullPointerException.class, w -> Bridge.builder(null, Way.ANY_PORT),
                                w -> Bridge.builder(w.pool, null)));
    }

    private static MisuseRow receive(MisuseRow row, Use use) {
        return row.gives(CLOSED, "-1", w -> {
            FrameBatch batch = w.batch(1);
            assertEquals(-1, use.of(w.closedBridge(), batch));
            assertEquals(0, batch.size());
        }).refuses(WRONG_THREAD, WrongThreadException.class, w -> {
            Bridge bridge = w.bridge();
            bridge.receive(w.batch(0));
            MisuseWorld.stranger(() -> use.of(bridge, w.pool.newBatch(1)));
        }, w -> {
            Bridge bridge = w.bridge();
            FrameBatch batch = w.batch(1);
            MisuseWorld.stranger(() -> use.of(bridge, batch));
        }).refuses(NULL, NullPointerException.class, w -> use.of(w.bridge(), null))
                .refuses(FOREIGN, ForeignFrameException.class, w -> use.of(w.bridge(), w.other().newBatch(1)))
                .refuses(REENTRANT, "the iteration: ", ConcurrentModificationException.class, w -> {
                    Bridge bridge = w.bridge();
                    FrameBatch batch = w.batch(2);
                    for (Frame _ : batch) {
                        use.of(bridge, batch);
                    }
                })
                .gives(CONCURRENT, "for one; the other: WrongThreadException", w -> oneThread(w, use),
                        w -> untilClosed(w, use, null));
    }

    private static MisuseRow send(MisuseRow row, Use use) {
        return row.gives(CLOSED, "ClosedException, and the batch has its frames", w -> {
            FrameBatch batch = w.batch(2);
            Bridge bridge = w.closedBridge();
            assertThrowsExactly(ClosedException.class, () -> use.of(bridge, batch));
            assertEquals(2, batch.size());
        }).refuses(WRONG_THREAD, WrongThreadException.class, w -> {
            Bridge bridge = w.bridge();
            bridge.send(w.batch(0));
            MisuseWorld.stranger(() -> use.of(bridge, w.pool.newBatch(1)));
        }, w -> {
            Bridge bridge = w.bridge();
            FrameBatch batch = w.batch(1);
            MisuseWorld.stranger(() -> use.of(bridge, batch));
        }).refuses(WRONG_THREAD, "beside a CoalescingSender: ", IllegalStateException.class, w -> {
            Bridge bridge = w.loop();
            try (CoalescingSender _ = CoalescingSender.builder(bridge).open()) {
                use.of(bridge, w.batch(1));
            }
        }).refuses(NULL, NullPointerException.class, w -> use.of(w.bridge(), null))
                .refuses(FOREIGN, ForeignFrameException.class, w -> use.of(w.bridge(), w.other().newBatch(1)))
                .refuses(REENTRANT, "the iteration: ", ConcurrentModificationException.class, w -> {
                    Bridge bridge = w.bridge();
                    FrameBatch batch = w.batch(3);
                    for (Frame _ : batch) {
                        use.of(bridge, batch);
                    }
                })
                .gives(CONCURRENT, "for one; the other: WrongThreadException", w -> oneThread(w, use),
                        w -> untilClosed(w, use, ClosedException.class));
    }

    /// In a pool of its own each time: the thread that had an end keeps the bridge's place in the pool.
    private static void oneThread(MisuseWorld w, Use use) throws Exception {
        AtomicReference<FramePool> pool = new AtomicReference<>();
        AtomicReference<Bridge> bridge = new AtomicReference<>();
        Elsewhere.Action both = () -> use.of(bridge.get(), pool.get().newBatch(1));
        MisuseRace.run(ROUNDS, () -> {
            pool.set(MisuseWorld.newPool());
            bridge.set(w.way().open(pool.get()));
        }, both, both, WrongThreadException.class, refused -> {
            assertEquals(1, refused);
            MisuseWorld.check(pool.get());
        });
    }

    /// One thread goes on until another has closed the bridge.
    private static void untilClosed(MisuseWorld w, Use use, Class<? extends Throwable> atEnd) throws Exception {
        AtomicReference<Bridge> bridge = new AtomicReference<>();
        FrameBatch batch = w.pool.newBatch(1);
        MisuseRace.run(ROUNDS, () -> bridge.set(w.way().open(w.pool)), () -> {
            while (!bridge.get().isClosed()) {
                use.of(bridge.get(), batch);
            }
            use.of(bridge.get(), batch);
        }, () -> bridge.get().close(), atEnd, refused -> assertEquals(atEnd == null ? 0 : 1, refused));
    }

    private static void closeSleeper(MisuseWorld w) throws Exception {
        Bridge bridge = w.bridge();
        Elsewhere<Integer> sleeper = Elsewhere.start(() -> bridge.receive(w.pool.newBatch(1), MisuseWorld.FOR_EVER));
        Sleepers.untilReceiverSleeps(w.pool, bridge);
        bridge.close();
        assertEquals(-1, sleeper.result());
    }

    private static MisuseRow unbind(MisuseRow row, Use bind) {
        return row.gives(CLOSED, "works", w -> row.call(w.closedBridge()))
                .refuses(WRONG_THREAD, WrongThreadException.class, w -> {
                    Bridge bridge = w.bridge();
                    bind.of(bridge, w.batch(0));
                    MisuseWorld.stranger(() -> row.call(bridge));
                })
                .gives(CONCURRENT, "works", w -> {
                    Bridge bridge = w.bridge();
                    MisuseRace.untilClosed(() -> row.call(bridge), null, bridge::close);
                });
    }

    private static MisuseRow close() {
        return row("close()").gives(CLOSED, "nothing", w -> w.closedBridge().close())
                .gives(RELEASED, "with frames in a batch: works", w -> {
                    w.batch(2);
                    w.bridge().close();
                })
                .gives(REENTRANT, "in an iteration: works", w -> {
                    Bridge bridge = w.bridge();
                    FrameBatch batch = w.batch(2);
                    bridge.receive(w.batch(0));
                    int seen = 0;
                    for (Frame frame : batch) {
                        bridge.close();
                        seen += frame.length() + 1;
                    }
                    assertEquals(2, seen);
                })
                .gives(CONCURRENT, "works", w -> {
                    AtomicReference<Bridge> bridge = new AtomicReference<>();
                    MisuseRace.run(ROUNDS, () -> bridge.set(w.way().open(w.pool)), () -> bridge.get().close(),
                            () -> bridge.get().close(), null, _ -> { });
                });
    }
}
