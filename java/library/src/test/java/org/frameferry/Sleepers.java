// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Finds out whether a receiver really sleeps in native code, so that tests can wake it there and not a moment too
/// early. For the only bridge of a pool. Any thread.
final class Sleepers {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private Sleepers() {
    }

    /// Waits until a thread sleeps on the receive end. An inline bridge must not have slept before.
    static void untilReceiverSleeps(FramePool pool, Bridge bridge) throws InterruptedException {
        if (bridge.mode() == Bridge.Mode.INLINE) {
            Elsewhere.until(() -> bridge.statistics().slept() > 0);
        } else {
            untilOneSleepsOnTheRing(pool);
        }
    }

    /// As threads do that wait for nothing but the ring: of a threaded bridge, or one over a [JavaDevice].
    static void untilOneSleepsOnTheRing(FramePool pool) throws InterruptedException {
        long waits = pool.geometry().bridgeOffset() + 512; // the rx ring's consumer says there that it sleeps
        Elsewhere.until(() -> (int) INT.getAcquire(pool.control(), waits) != 0);
    }

    /// A thread that receives once with all patience, and is asleep doing it.
    static Elsewhere<Integer> receiver(FramePool pool, Bridge bridge, boolean virtual) throws InterruptedException {
        FrameBatch batch = pool.newBatch(8);
        Elsewhere<Integer> receiver = virtual ? Elsewhere.startVirtual(() -> receive(bridge, batch))
                : Elsewhere.start(() -> receive(bridge, batch));
        untilReceiverSleeps(pool, bridge);
        return receiver;
    }

    private static int receive(Bridge bridge, FrameBatch batch) {
        int n = bridge.receive(batch, Numbered.LONG);
        batch.release();
        return n;
    }
}
