// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import java.util.List;
import java.util.SplittableRandom;
import org.frameferry.Bridge;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.JavaDevice;

/** A thread sends back what it receives to a device in Java, which brings and takes as many frames as it likes. */
final class JavaDevicePart extends Part {
    private final Bridge bridge;
    private final Stream stream = new Stream();

    JavaDevicePart(FramePool pool) {
        super("java", "");
        bridge = Bridge.builder(pool, new Echo()).mode(Bridge.Mode.INLINE).open();
    }

    /** The stream's both ends. */
    private final class Echo implements JavaDevice {
        private final SplittableRandom random = new SplittableRandom(stream.name());

        @Override
        public int fill(FrameBatch frames) {
            int n = random.nextInt(frames.size() + 1);
            for (int i = 0; i < n; i++) {
                stream.number(frames.get(i));
            }
            return n;
        }

        @Override
        public int transmit(FrameBatch frames) {
            int n = random.nextInt(frames.size() + 1);
            for (int i = 0; i < n; i++) {
                stream.check(frames.get(i));
            }
            came(n);
            return n;
        }
    }

    @Override
    List<Runnable> workers() {
        return List.of(this::ferry);
    }

    private void ferry() {
        try (FrameBatch batch = bridge.newBatch(BATCH)) {
            while (!isStopped()) {
                if (bridge.receive(batch) == 0) {
                    Thread.yield(); // no frame is free, perhaps
                }
                while (!batch.isEmpty()) {
                    bridge.send(batch);
                }
            }
        }
        bridge.close();
    }

    @Override
    Tally tally() {
        return stream.tally(0);
    }
}
