// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import org.frameferry.Bridge;
import org.frameferry.BridgeStatistics;
import org.frameferry.ClosedException;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.SimulatedNic;

/**
 * A simulated card at line rate, which drops what nobody takes in time. Its frames are numbered by native code; a
 * thread receives them and sends them on as they are. The bridge is closed in the middle of that.
 */
final class NicPart extends Part {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int NUMBER = 0;
    private static final int REST = 16; // after the number and the time
    private static final int FRAME_BYTES = 64;
    private static final long EACH_BYTE = 0x0101010101010101L;

    private final Bridge bridge;
    private final Ledger ledger = new Ledger();
    private long sent;

    NicPart(FramePool pool, Bridge.Mode mode, Bridge.Crossing crossing) {
        super("nic", (mode + " " + crossing).toLowerCase(Locale.ROOT));
        SimulatedNic card = SimulatedNic.builder().frameBytes(FRAME_BYTES).build();
        bridge = Bridge.builder(pool, card).mode(mode).crossing(crossing).open();
    }

    @Override
    List<Runnable> workers() {
        return List.of(this::ferry);
    }

    private void ferry() {
        try (FrameBatch batch = bridge.newBatch(BATCH)) {
            while (bridge.receive(batch, FOR_EVER) >= 0) {
                for (Frame frame : batch) {
                    check(frame);
                }
                came(batch.size());
                sendOn(batch);
            }
        }
    }

    /** The number's low byte is repeated to the end of the frame. */
    private void check(Frame frame) {
        MemorySegment memory = frame.memory();
        long at = frame.offset();
        long number = memory.get(WORD, at + NUMBER);
        boolean whole = frame.length() == FRAME_BYTES;
        for (int i = REST; i < FRAME_BYTES; i += Long.BYTES) {
            whole &= memory.get(WORD, at + i) == (number & 0xFF) * EACH_BYTE;
        }
        if (whole) {
            ledger.accept(number);
        } else {
            ledger.damaged();
        }
    }

    private void sendOn(FrameBatch batch) {
        try {
            sent += bridge.send(batch);
        } catch (ClosedException e) {
            batch.release(); // and what came before the end is still to be received
        }
    }

    @Override
    void stop() {
        super.stop();
        bridge.close();
    }

    /**
     * The card drops before the first frame that came, between them, and after the last, so of what it dropped no more
     * is known than that it is as much as is missing, at least. What was received, and sent, is known to the frame.
     */
    @Override
    Tally tally() {
        BridgeStatistics s = bridge.statistics();
        long dropped = s.rxDroppedDevice() + s.rxDroppedNoFrame() + s.rxDroppedRingFull() + s.rxDroppedOversize();
        long vanished = Math.max(0, ledger.missing() - dropped);
        long unaccounted = vanished + s.rxFrames() - ledger.came() + sent - s.txFrames() - s.txDropped();
        Tally received = ledger.tally(ledger.next(), ledger.missing());
        return received.plus(new Tally(0, s.txDropped() + dropped - ledger.missing(), unaccounted, 0, 0, 0));
    }
}
