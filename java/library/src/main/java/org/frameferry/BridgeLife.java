// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import org.frameferry.bindings.FerryBindings;
import org.frameferry.bindings.ferry_nic_statistics;
import org.frameferry.bindings.ferry_statistics;

/// How a bridge ends, and who may still touch its native side while it does. Any thread.
///
/// Open; closed, when [Bridge#close()] was called; stopped, when the native side has stopped and what is in the rx ring is
/// all there will be; reclaimed, when the bridge's number was given back and may be another bridge's. A number is reclaimed
/// when neither end can be in native code with it any more: its thread is the closing one, has ended, has unbound the end, or
/// has seen that the bridge is closed.
final class BridgeLife {
    private final FramePool pool;
    private final int number;
    private final String name;
    private final JavaDriver driver; // null: the device is native
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean closed;
    private volatile boolean stopped;
    private boolean reclaimed; // under the lock
    private volatile BridgeStatistics last;
    private Receiver receiver;
    private Sender sender;

    BridgeLife(FramePool pool, int number, String name, JavaDriver driver) {
        this.pool = pool;
        this.number = number;
        this.name = name;
        this.driver = driver;
    }

    /// Before the bridge is shared.
    void begin(Receiver receiver, Sender sender) {
        this.receiver = receiver;
        this.sender = sender;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isStopped() {
        return stopped;
    }

    /// @throws FerryException if a device that is Java does not open
    void openDevice() {
        if (driver != null) {
            driver.open();
        }
    }

    /// @return whether the number was reclaimed: false as long as an end keeps it
    boolean close() {
        if (driver != null) {
            driver.close();
        }
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                FerryBindings.ferry_bridge_close(pool.handle(), number);
                last = read();
                stopped = true;
            }
            return reclaim();
        } finally {
            lock.unlock();
        }
    }

    /// Gives the number, and frames that nobody will receive any more, back if it can. Under the lock.
    private boolean reclaim() {
        // A thread that binds an end after we found it unbound sees `stopped` (or `closed`), and comes through the lock.
        if (stopped && !reclaimed && receiver.isQuiet() && sender.isQuiet()) {
            last = read(); // with what was sent while the bridge closed, and will not be taken
            FerryBindings.ferry_bridge_reclaim(pool.handle(), number);
            reclaimed = true;
            receiver.stop();
            sender.stop();
        }
        return reclaimed;
    }

    /// Tries again to give the number of a closed bridge back.
    ///
    /// @return whether it is
    boolean reclaimIfQuiet() {
        lock.lock();
        try {
            return reclaim();
        } finally {
            lock.unlock();
        }
    }

    /// Receives from a bridge that has stopped, or seems to.
    int drain(FrameBatch batch) {
        lock.lock();
        int n = -1;
        try {
            n = reclaimed ? -1 : receiver.cross(batch, 0);
            return n;
        } finally {
            if (n < 0) { // drained, or failed: this thread has seen the end and no longer keeps the number
                batch.release();
                receiver.unbind();
                reclaim();
            }
            lock.unlock();
        }
    }

    /// {@return what a sender throws that finds the bridge closed; it no longer keeps the number, unless it is the receiver,
    /// too, and what came before is still to be received}
    ClosedException senderDone() {
        lock.lock();
        try {
            if (reclaimed || !receiver.isMine() || read().rxQueued() == 0) {
                sender.unbind();
                reclaim();
            }
            return new ClosedException(name + " is closed");
        } finally {
            lock.unlock();
        }
    }

    BridgeStatistics statistics() {
        if (last != null) {
            return last;
        }
        BridgeStatistics now = read();
        return last != null ? last : now; // closed meanwhile: the number may be another bridge's by now
    }

    private BridgeStatistics read() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment s = arena.allocate(ferry_statistics.layout());
            FerryBindings.ferry_bridge_statistics(pool.handle(), number, s);
            if (driver != null) {
                driver.tell(s);
            }
            return BridgeStatistics.read(s, receiver.calls(), sender.calls());
        }
    }

    /// {@return what the simulated card has seen}
    NicStatistics nicStatistics() {
        lock.lock();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment s = arena.allocate(ferry_nic_statistics.layout());
            checkNic(closed ? FerryBindings.FERRY_ECLOSED()
                    : FerryBindings.ferry_bridge_nic_statistics(pool.handle(), number, s));
            return NicStatistics.read(s);
        } finally {
            lock.unlock();
        }
    }

    /// Charges work to the simulated card. The thread that receives.
    void spendOnNic(long cycles) {
        receiver.claim();
        lock.lock();
        try {
            checkNic(closed ? FerryBindings.FERRY_ECLOSED()
                    : FerryBindings.ferry_bridge_nic_spend(pool.handle(), number, cycles));
        } finally {
            lock.unlock();
        }
    }

    private void checkNic(int error) {
        if (error == FerryBindings.FERRY_ECLOSED()) {
            throw new ClosedException(name + " is closed");
        }
        if (error < 0) {
            throw new IllegalArgumentException(name + " is not over a simulated NIC, or it is a threaded one, whose time"
                    + " is its poller's to spend");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
