// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import org.frameferry.Bridge;
import org.frameferry.Device;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.JavaDevice;
import org.junit.jupiter.api.Test;

/** What the guide shows of a device of one's own. */
class OwnDeviceTest {
    private static final Path BUILT = Path.of("../native/build/release");

    private static void receiveOne(Bridge bridge, int bytes) {
        try (FrameBatch batch = bridge.newBatch(1)) {
            assertEquals(1, bridge.receive(batch, Duration.ofMinutes(1)));
            assertEquals(bytes, batch.get(0).length());
        }
    }

    @Test
    void fromALibrary() {
        FramePool pool = FramePool.builder().frames(64).build();
        Path library = BUILT.resolve("libmetronome.so");
        Device metronome = Device.load(library, "metronome", "1000000"); // a beat every millisecond
        try (Bridge bridge = Bridge.open(pool, metronome)) {
            receiveOne(bridge, 8);
        }
        Audit.close(pool);
    }

    @Test
    void inJava() {
        FramePool pool = FramePool.builder().frames(64).build();
        JavaDevice clock = frames -> {
            frames.get(0).copyIn(new byte[] {1, 2, 3});
            return 1; // so many frames are used
        };
        try (Bridge bridge = Bridge.builder(pool, clock).mode(Bridge.Mode.INLINE).open()) {
            receiveOne(bridge, 3);
        }
        Audit.close(pool);
    }
}
