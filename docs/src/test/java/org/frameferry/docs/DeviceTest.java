// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import org.frameferry.Bridge;
import org.frameferry.Device;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.JavaDevice;
import org.junit.jupiter.api.Test;

/** What the guide shows of devices of one's own. */
class DeviceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @Test
    void inCOfOnesOwn() {
        Path library = Path.of(System.getProperty("frameferry.home"), "native/build/release/libmetronome.so");
        FramePool pool = FramePool.builder().frames(64).build();
        Device metronome = Device.load(library, "metronome", "1000000"); // a beat every millisecond
        try (Bridge bridge = Bridge.open(pool, metronome); FrameBatch batch = bridge.newBatch(8)) {
            while (bridge.receive(batch, PATIENCE) == 0) {
                Thread.onSpinWait();
            }
            Frame first = batch.get(0);
            assertEquals(0, first.memory().get(JAVA_LONG_UNALIGNED, first.offset()));
        }
        Audit.close(pool);
    }

    @Test
    void inJava() {
        FramePool pool = FramePool.builder().frames(64).build();
        JavaDevice ticks = frames -> {
            Frame tick = frames.get(0).put(8);
            tick.memory().set(JAVA_LONG_UNALIGNED, tick.offset(), System.nanoTime());
            return 1;                                                   // one of them is used
        };
        try (Bridge bridge = Bridge.builder(pool, ticks).mode(Bridge.Mode.INLINE).open();
             FrameBatch batch = bridge.newBatch(8)) {
            assertEquals(1, bridge.receive(batch));
        }
        Audit.close(pool);
    }
}
