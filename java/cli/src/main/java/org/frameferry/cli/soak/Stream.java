// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import java.util.concurrent.atomic.AtomicInteger;
import org.frameferry.Frame;

/**
 * Frames with numbers that go from one thread to another: how many were sent, and what has come of them. One thread
 * sends, one receives; the figures of an end are for its thread, and for everybody when it has ended.
 */
final class Stream {
    private static final AtomicInteger OPENED = new AtomicInteger();
    private static final int NAMES = 1 << 15; // so that no name is negative

    private final int name = OPENED.getAndIncrement() % NAMES;
    private final Ledger ledger = new Ledger();
    private long sent;
    private long withdrawn;

    int name() {
        return name;
    }

    /** Sender. Gives an empty frame the next number. */
    Frame number(Frame frame) {
        return Payload.write(frame, name, sent++);
    }

    /** Sender. A frame that was numbered will not come: it was cancelled, or refused because the bridge is closed. */
    void withdraw(long frames) {
        withdrawn += frames;
    }

    /** Receiver. A frame has come. */
    void check(Frame frame) {
        long read = Payload.read(frame);
        if (read < 0 || Payload.stream(read) != name) {
            ledger.damaged();
        } else {
            ledger.accept(Payload.number(read));
        }
    }

    /** {@return frames that were numbered} */
    long sent() {
        return sent;
    }

    /** {@return frames numbered after the last that came, if none comes late} */
    long ahead() {
        return sent - ledger.next();
    }

    /**
     * {@return what has come of all frames}
     *
     * @param dropped how many were dropped and counted by their cause
     */
    Tally tally(long dropped) {
        return ledger.tally(sent, dropped + withdrawn);
    }
}
