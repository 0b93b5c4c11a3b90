// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CLOSED;
import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.FOREIGN;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.REENTRANT;
import static org.frameferry.Misuse.RELEASED;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.frameferry.MisuseRow.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;

/// [JavaDevice], whose methods the library calls: what becomes of a bridge over one that does what it must not.
final class MisuseOfJavaDevice {
    private MisuseOfJavaDevice() {
    }

    static List<MisuseRow> rows() {
        return List.of(open(), asked("fill(FrameBatch)", MisuseOfJavaDevice::receive),
                asked("transmit(FrameBatch)", MisuseOfJavaDevice::send), close());
    }

    /// What a user does with a bridge over a device that does this when it is asked.
    private interface Use {
        void of(MisuseWorld world, ToIntFunction<FrameBatch> device);
    }

    private static Bridge open(MisuseWorld w, JavaDevice device) {
        return Bridge.builder(w.pool, device).mode(Bridge.Mode.INLINE).open();
    }

    private static void receive(MisuseWorld w, ToIntFunction<FrameBatch> body) {
        try (Bridge bridge = open(w, body::applyAsInt); FrameBatch batch = w.pool.newBatch(2)) {
            bridge.receive(batch);
        }
    }

    private static void send(MisuseWorld w, ToIntFunction<FrameBatch> body) {
        JavaDevice device = new JavaDevice() {
            @Override
            public int fill(FrameBatch frames) {
                return 0;
            }

            @Override
            public int transmit(FrameBatch frames) {
                return body.applyAsInt(frames);
            }
        };
        FrameBatch batch = w.batch(2);
        try (Bridge bridge = open(w, device)) {
            bridge.send(batch);
        }
    }

    private static MisuseRow asked(String signature, Use use) {
        return row(JavaDevice.class, signature)
                .gives(CLOSED, "is not called", MisuseOfJavaDevice::useClosed)
                .refuses(NEGATIVE, "answers: ", FerryException.class, w -> use.of(w, _ -> -1))
                .refuses(TOO_LARGE, "answers: ", FerryException.class, w -> use.of(w, _ -> 3))
                .gives(RELEASED, "works", w -> use.of(w, frames -> {
                    frames.release();
                    return 0;
                }))
                .refuses(FOREIGN, FerryException.class, w -> {
                    Frame foreign = w.frame(w.other());
                    use.of(w, frames -> {
                        frames.add(foreign);
                        return 0;
                    });
                })
                .refuses(REENTRANT, FerryException.class, MisuseOfJavaDevice::useOwn)
                .gives(CONCURRENT, "its bridge is closed meanwhile: works", MisuseOfJavaDevice::useWhileClosed);
    }

    private static void useWhileClosed(MisuseWorld w) throws Exception {
        ScriptedDevice device = new ScriptedDevice();
        AtomicReference<Bridge> bridge = new AtomicReference<>();
        FrameBatch batch = w.pool.newBatch(2);
        MisuseRace.run(MisuseRace.ROUNDS / 8, () -> {
            bridge.set(device.open(w.pool));
            device.arrive(2);
        }, () -> {
            if (bridge.get().receive(batch) > 0) {
                bridge.get().send(batch);
            }
        }, () -> bridge.get().close(), ClosedException.class, _ -> {
            batch.release();
            assertEquals(1, device.closes.getAndSet(0));
        });
    }

    private static void useClosed(MisuseWorld w) {
        FrameBatch batch = w.batch(2);
        Bridge bridge = open(w, _ -> {
            throw new AssertionError("called");
        });
        bridge.close();
        assertThrows(ClosedException.class, () -> bridge.send(batch));
        assertEquals(-1, bridge.receive(batch));
    }

    private static void useOwn(MisuseWorld w) {
        AtomicReference<Bridge> own = new AtomicReference<>();
        try (Bridge bridge = open(w, frames -> own.get().receive(frames)); FrameBatch batch = w.pool.newBatch(2)) {
            own.set(bridge);
            bridge.receive(batch);
        }
    }

    /// The function that it is given.
    private static MisuseRow open() {
        return row(JavaDevice.class, "open(Runnable)")
                .gives(CLOSED, "its argument does nothing", w -> {
                    ScriptedDevice device = new ScriptedDevice();
                    device.open(w.pool).close();
                    device.arrive(1);
                })
                .gives(REENTRANT, "works", w -> {
                    ScriptedDevice device = new ScriptedDevice();
                    try (Bridge bridge = device.open(w.pool); FrameBatch batch = w.pool.newBatch(2)) {
                        device.whileFilling = () -> device.arrive(1);
                        assertEquals(1, bridge.receive(batch));
                    }
                })
                .gives(CONCURRENT, "works", w -> {
                    ScriptedDevice device = new ScriptedDevice();
                    try (Bridge _ = device.open(w.pool)) {
                        MisuseRace.run(() -> { }, () -> device.arrive(1), null, _ -> { });
                    }
                });
    }

    private static MisuseRow close() {
        return row(JavaDevice.class, "close()")
                .gives(CLOSED, "is not called again", w -> {
                    ScriptedDevice device = new ScriptedDevice();
                    Bridge bridge = device.open(w.pool);
                    bridge.close();
                    bridge.close();
                    assertEquals(1, device.closes.get());
                })
                .gives(CONCURRENT, "is called once", w -> {
                    ScriptedDevice device = new ScriptedDevice();
                    AtomicReference<Bridge> bridge = new AtomicReference<>();
                    MisuseRace.run(MisuseRace.ROUNDS / 8, () -> bridge.set(device.open(w.pool)),
                            () -> bridge.get().close(), () -> bridge.get().close(), null,
                            _ -> assertEquals(1, device.closes.getAndSet(0)));
                });
    }
}
