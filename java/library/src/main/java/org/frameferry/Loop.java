// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import org.frameferry.bindings.FerryBindings;

/// A device with which what is sent over a bridge is received from it: frames from one thread to another, whole batches
/// at a time, without a copy. Immutable; any thread.
///
/// ```java
/// Bridge loop = Bridge.builder(pool, Loop.device()).crossing(Bridge.Crossing.MAPPED).open();
/// loop.send(filled);                      // one thread
/// loop.receive(batch, patience);          // the other one
/// ```
///
/// The bridge has one ring instead of two, and no poller, as there is nothing to drive: its mode must be
/// [Bridge.Mode#THREADED], the default. Frames arrive as they were sent, with tag, time and peer. Nothing is dropped: a
/// full ring takes no more, and what is in it when the bridge is closed can still be received. Waiting, waking, misuse and
/// closing are those of every bridge, which makes a loop the device to test with. A thread in C can be at either end, by
/// `ferry_bridge_send` and `ferry_bridge_receive`.
///
/// [BridgeStatistics] counts frames, as received and as sent, and no bytes.
public final class Loop implements Device {
    private static final Loop INSTANCE = new Loop();

    private Loop() {
    }

    /// {@return the device; each bridge over it is a loop of its own}
    public static Loop device() {
        return INSTANCE;
    }

    /// {@return the native device}
    static MemorySegment open() {
        return FerryBindings.ferry_loop_device();
    }

    @Override
    public String toString() {
        return "a loop";
    }
}
