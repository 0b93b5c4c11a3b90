// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.frameferry.Bridge;
import org.frameferry.BridgeStatistics;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.Peer;
import org.frameferry.Udp;

/** A thread that sends datagrams to itself, a window of them ahead of what it has received. */
final class UdpPart extends Part {
    /** Less than any system's receive buffer holds. */
    private static final int WINDOW = 128;
    private static final Duration PATIENCE = Duration.ofMillis(100);
    /** What has not come in so many times patience is taken for lost. */
    private static final int LOST_AFTER = 20;

    private final FramePool pool;
    private final Bridge bridge;
    private final Stream stream = new Stream();
    private long given; // up: numbers below it are not waited for

    UdpPart(FramePool pool, Bridge.Mode mode, Bridge.Crossing crossing) {
        super("udp", (mode + " " + crossing).toLowerCase(Locale.ROOT));
        this.pool = pool;
        bridge = Bridge.builder(pool, Udp.bind("127.0.0.1", 0)).mode(mode).crossing(crossing).open();
    }

    @Override
    List<Runnable> workers() {
        return List.of(this::ferry);
    }

    private void ferry() {
        Peer self = Peer.of(bridge.localAddress());
        try (FrameBatch out = bridge.newBatch(BATCH); FrameBatch in = bridge.newBatch(BATCH)) {
            int silences = 0;
            while (!isStopped() || awaited() > 0) {
                if (!isStopped() && out.isEmpty() && awaited() < WINDOW) {
                    fill(pool, out, BATCH, stream);
                    address(out, self);
                }
                bridge.send(out);
                silences = bridge.receive(in, PATIENCE) > 0 ? 0 : silences + 1;
                check(in, stream);
                if (silences == LOST_AFTER) {
                    given = stream.sent();
                }
            }
            stream.withdraw(out.size());
        }
        bridge.close();
    }

    private static void address(FrameBatch batch, Peer peer) {
        for (Frame frame : batch) {
            frame.peer(peer);
        }
    }

    /** Frames that are on their way. */
    private long awaited() {
        return Math.min(stream.ahead(), stream.sent() - given);
    }

    @Override
    Tally tally() {
        BridgeStatistics s = bridge.statistics();
        return stream.tally(s.txDropped() + s.rxDroppedNoFrame() + s.rxDroppedRingFull() + s.rxDroppedOversize()
                + s.rxDroppedDevice());
    }
}
