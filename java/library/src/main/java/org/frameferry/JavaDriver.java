// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import org.frameferry.bindings.FerryBindings;
import org.frameferry.bindings.ferry_statistics;

/// Drives a [JavaDevice], in the thread of its inline bridge. Any thread may close it, and read its counters.
///
/// The device is shown a batch of the driver's own, so that it has no hand on the user's. The native bridge below is
/// a loop that carries nothing: it gives the bridge its number and its wait.
final class JavaDriver {
    private static final long STARVED_NANOS = 1_000_000; // how long to wait at most before the pool is looked at again

    private final JavaDevice device;
    private final FramePool pool;
    private final int number;
    private final String name;
    private final FrameBatch shown;
    private final FrameBatch taken; // by the device, on the way to the pool
    private final ReentrantLock inside = new ReentrantLock();
    private final AtomicLongArray counters = new AtomicLongArray(FerryBindings.FERRY_COUNTERS());
    private volatile boolean closed;
    private boolean deviceClosed; // this and what follows: under the lock
    private boolean starved;
    private Exception failure;

    /// @param number the native bridge's
    /// @param name the bridge's, for messages
    JavaDriver(JavaDevice device, FramePool pool, int number, String name) {
        this.device = device;
        this.pool = pool;
        this.number = number;
        this.name = name;
        this.shown = pool.newBatch(FerryBindings.FERRY_BATCH_MAX());
        this.taken = pool.newBatch(FerryBindings.FERRY_BATCH_MAX());
    }

    /// @throws FerryException with what the device threw: then it is not open, and is not closed either
    void open() {
        deviceClosed = true;
        try {
            device.open(this::wake);
        } catch (Exception e) {
            throw ended("cannot open " + name, e);
        }
        deviceClosed = false;
    }

    private void wake() {
        if (!closed) { // else the number may be another bridge's
            FerryBindings.ferry_bridge_interrupt(pool.handle(), number, FerryBindings.FERRY_RX());
        }
    }

    /// Gives the batch's frames back and lets the device fill others.
    ///
    /// @return how many, or -1 when the bridge is closed
    int receive(FrameBatch batch) {
        batch.release();
        enter();
        try {
            if (closed) {
                return -1;
            }
            checkFailure();
            starved = pool.lease(shown, batch.capacity()) == 0;
            int filled = starved ? 0 : fill(shown.size());
            count(FerryBindings.FERRY_RX_FRAMES(), filled);
            count(FerryBindings.FERRY_RX_BYTES(), shown.bytes(filled));
            shown.move(filled, batch);
            return filled;
        } finally {
            leave();
        }
    }

    /// Lets the device take frames from the front of the batch.
    ///
    /// @return how many it took
    int send(FrameBatch batch) {
        enter();
        try {
            checkFailure();
            int n = closed ? 0 : batch.size();
            long bytes = batch.bytes(n);
            batch.move(n, shown);
            transmit(n, batch);
            int sent = n - batch.size();
            count(FerryBindings.FERRY_TX_FRAMES(), sent);
            count(FerryBindings.FERRY_TX_BYTES(), bytes - batch.bytes(batch.size()));
            return sent;
        } finally {
            leave();
        }
    }

    private int fill(int n) {
        try {
            return checked(device.fill(shown), n);
        } catch (Exception e) {
            throw failed(e);
        } finally {
            shown.seize(); // the device may have unbound it
        }
    }

    /// What the device does not take goes back into the batch.
    private void transmit(int n, FrameBatch batch) {
        int done = 0;
        try {
            done = n == 0 ? 0 : checked(device.transmit(shown), n);
        } catch (Exception e) {
            throw failed(e);
        } finally {
            shown.seize();
            shown.move(done, taken);
            taken.release();
            shown.move(Math.min(shown.size(), n), batch);
        }
    }

    /// What it answered, if it was shown as many, and has left as many where they were.
    private int checked(int answer, int n) {
        int most = Math.min(shown.size(), n);
        if (answer < 0 || answer > most) {
            throw new IllegalStateException("the device answered with " + answer + ", which is not in 0 .. " + most);
        }
        return answer;
    }

    private void enter() {
        if (inside.isHeldByCurrentThread()) {
            throw new IllegalStateException("a device must not receive or send over its own bridge");
        }
        inside.lock();
        shown.seize();
        taken.seize();
    }

    private void checkFailure() {
        if (failure != null) {
            throw ended(name + " has ended", failure);
        }
    }

    private FerryException failed(Exception e) {
        failure = e;
        return ended(name + " has ended", e);
    }

    private void leave() {
        try {
            shown.release();
        } finally {
            inside.unlock();
        }
        if (closed) { // by somebody who found us inside, perhaps
            closeDevice();
        }
    }

    private static FerryException ended(String what, Exception cause) {
        FerryException e = new FerryException("FERRY_EDEVICE", what + ": " + cause);
        e.initCause(cause);
        return e;
    }

    /// Never waits for the device: whoever is inside closes it.
    void close() {
        closed = true;
        closeDevice();
    }

    private void closeDevice() {
        if (inside.isHeldByCurrentThread() || !inside.tryLock()) {
            return;
        }
        try {
            if (!deviceClosed) {
                deviceClosed = true;
                device.close();
            }
        } catch (RuntimeException e) {
            System.getLogger("org.frameferry").log(System.Logger.Level.WARNING, name + ": its device did not close", e);
        } finally {
            inside.unlock();
        }
    }

    /// {@return how long to wait at most: no frame that comes back ends a wait}
    long patience(long nanos) {
        return starved ? Math.min(nanos, STARVED_NANOS) : nanos;
    }

    /// Only who is inside counts, so that nothing is lost between the two.
    private void count(int counter, long n) {
        counters.setOpaque(counter, counters.getPlain(counter) + n);
    }

    /// Puts the counters in place of the loop's. Any thread.
    void tell(MemorySegment statistics) {
        for (int i = 0; i < counters.length(); i++) {
            statistics.set(ValueLayout.JAVA_LONG, ferry_statistics.counters$offset() + (long) i * Long.BYTES,
                    counters.getOpaque(i));
        }
    }
}
