// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.frameferry.bindings.FerryBindings;

/// Who of a bridge sleeps, by the flags that they leave in the slab for each other: plain looks, at no cost to anybody. Any
/// thread; each answer is a moment's.
final class Flags {
    private static final long STARVED = 4096 + 384; // a bit a bridge, in the depot: see LAYOUT.md
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment control;
    private final int number;
    private final long rx; // the bridge's area, which begins with this ring
    private final long tx;
    private final boolean driven;

    /// @param number the bridge's
    /// @param driven whether native code drives its device; else it is a loop below, with one ring for both ends
    Flags(FramePool pool, int number, boolean driven) {
        control = pool.control();
        this.number = number;
        rx = pool.geometry().bridgeOffset() + number * pool.geometry().bridgeBytes();
        tx = driven ? rx + FerryBindings.FERRY_RING_BYTES() : rx;
        this.driven = driven;
    }

    boolean isDriven() {
        return driven;
    }

    PollerState poller() {
        if (!driven) {
            return PollerState.NONE;
        }
        if (isSet(rx + FerryBindings.FERRY_BRIDGE_ERROR())) {
            return PollerState.ENDED;
        }
        if (((long) LONG.getOpaque(control, STARVED) >>> number & 1) != 0) {
            return PollerState.STARVED;
        }
        if (isSet(rx + FerryBindings.FERRY_RING_PRODUCER_WAITS())) {
            return PollerState.BLOCKED;
        }
        return isSet(tx + FerryBindings.FERRY_RING_CONSUMER_WAITS()) ? PollerState.ASLEEP : PollerState.POLLING;
    }

    boolean receiverSleeps() {
        return isSet(rx + FerryBindings.FERRY_RING_CONSUMER_WAITS());
    }

    boolean senderSleeps() {
        return isSet(tx + FerryBindings.FERRY_RING_PRODUCER_WAITS());
    }

    private boolean isSet(long offset) {
        return (int) INT.getOpaque(control, offset) != 0;
    }
}
