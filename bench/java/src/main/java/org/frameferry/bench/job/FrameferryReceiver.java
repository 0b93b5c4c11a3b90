// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import org.frameferry.Bridge;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.Udp;
import org.frameferry.cli.iperf3.FrameferryDataPath;

/** This library, as README shows it. Moderated, as the bare loop in C is. */
final class FrameferryReceiver implements DatagramReceiver {
    private static final ValueLayout.OfInt NUMBER =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int FRAMES = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Bridge bridge;
    private final Tally tally;

    FrameferryReceiver(Bridge.Mode mode, Bridge.Crossing crossing, int receiveBuffer, Tally tally) {
        this.tally = tally;
        FramePool pool = FramePool.builder().frames(FRAMES).frameSize(ROOM).headroom(0).bridges(1).build();
        bridge = Bridge.builder(pool, Udp.bind("127.0.0.1", 0).receiveBuffer(receiveBuffer)).mode(mode)
                .crossing(crossing).budget(BATCH).moderation(FrameferryDataPath.MODERATION).open();
    }

    @Override
    public int port() {
        return bridge.localAddress().getPort();
    }

    @Override
    public void run() {
        FrameBatch batch = bridge.newBatch(BATCH);
        while (bridge.receive(batch, PATIENCE) >= 0) {
            for (Frame frame : batch) {
                tally.take(frame.memory().get(NUMBER, frame.offset() + Tally.NUMBER_OFFSET), frame.length());
            }
        }
    }
}
