// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.frameferry.Bridge;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.Loop;

/** A thread sends over a loop, in batches of every size, and another receives; both wait when they must. */
final class LoopPart extends Part {
    private final FramePool pool;
    private final Bridge bridge;
    private final Stream stream = new Stream();

    LoopPart(FramePool pool, Bridge.Crossing crossing) {
        super("loop", crossing.name().toLowerCase(Locale.ROOT));
        this.pool = pool;
        bridge = Bridge.builder(pool, Loop.device()).crossing(crossing).open();
    }

    @Override
    List<Runnable> workers() {
        return List.of(this::send, this::receive);
    }

    private void send() {
        SplittableRandom random = new SplittableRandom(stream.name());
        try (FrameBatch batch = bridge.newBatch(BATCH)) {
            while (!isStopped()) {
                fill(pool, batch, 1 + random.nextInt(BATCH), stream);
                bridge.send(batch, FOR_EVER);
            }
        }
        bridge.close(); // what was sent is received all the same
    }

    private void receive() {
        try (FrameBatch batch = bridge.newBatch(BATCH)) {
            while (bridge.receive(batch, FOR_EVER) >= 0) {
                check(batch, stream);
            }
        }
    }

    @Override
    Tally tally() {
        return stream.tally(0);
    }
}
