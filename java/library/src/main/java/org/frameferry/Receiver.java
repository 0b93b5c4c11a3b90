// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import org.frameferry.bindings.FerryBindings;

/// The receive end of a bridge. Only the thread that it is bound to.
final class Receiver extends End {
    private final boolean waitsInPoll; // an inline bridge's poll begins with the wait: one call a batch

    Receiver(BridgeLife life, FramePool pool, int number, boolean inline, MappedRing ring, JavaDriver driver,
            ThreadBinding binding, Idler idler) {
        super(life, pool, number, inline, ring, driver, binding, idler);
        this.waitsInPoll = inline && idler.blocks();
    }

    int receive(FrameBatch batch, long patience) {
        binding.check();
        batch.check(pool);
        int n = take(batch, patience);
        return n != 0 || patience <= 0 ? n : receiveSlowly(batch, patience);
    }

    private int receiveSlowly(FrameBatch batch, long patience) {
        long start = System.nanoTime();
        long left = patience;
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            if (!waitsInPoll) {
                idler.idle(driver == null ? left : driver.patience(left));
            }
            int n = take(batch, left);
            if (n != 0) {
                return n;
            }
            left = patience - (System.nanoTime() - start);
        }
        return 0;
    }

    private int take(FrameBatch batch, long patience) {
        // A closed bridge's number may be given out again: the end is found under its lock.
        int n = life.isStopped() ? -1 : cross(batch, waitsInPoll ? patience : 0);
        return n < 0 ? life.drain(batch) : n;
    }

    /// One crossing: the previous frames back, new ones in.
    ///
    /// @param nanos how long an inline bridge may sleep in its device first
    /// @return how many, or -1 when the bridge is closed and drained
    int cross(FrameBatch batch, long nanos) {
        return driver != null ? fromDriver(batch) : ring == null ? crossBatched(batch, nanos) : crossMapped(batch, nanos);
    }

    /// The device is Java, too.
    private int fromDriver(FrameBatch batch) {
        try {
            return driver.receive(batch);
        } catch (FerryException e) {
            binding.unbind(); // as in `failed`
            throw e;
        }
    }

    private int crossBatched(FrameBatch batch, long nanos) {
        long result = inline ? idler.poll(batch.descriptors(), nanos) : receiveNatively(batch);
        wake();
        return result < 0 ? ended((int) result) : received(batch);
    }

    /// What names no frame comes from a ring that was written over, or that has just been closed and reads as zeros.
    private int received(FrameBatch batch) {
        return batch.keepFrames() ? batch.size() : ended(mappedError(0));
    }

    private long receiveNatively(FrameBatch batch) {
        calls++;
        long result = NativeGate.receive(handle, number, batch.descriptors(), batch.ordinaryCallDue());
        if (result > Integer.MAX_VALUE) {
            owed |= result;
        }
        return result;
    }

    private int crossMapped(FrameBatch batch, long nanos) {
        release(batch, nanos);
        boolean stopped = life.isStopped(); // before the look: nothing follows it
        int error = ring.deviceError();
        DescriptorArray descriptors = batch.descriptors();
        int n = ring.pop(descriptors.memory, descriptors.capacity);
        if (n > 0) {
            descriptors.size = n;
            descriptors.epoch += DescriptorArray.TURNOVER;
            owed = WAKE_BRIDGE;
        }
        wake();
        if (n > 0) {
            return received(batch);
        }
        return n == 0 && error == 0 && !stopped ? 0 : ended(mappedError(error));
    }

    /// The mapped ring needs no call; frames go back to the pool in one, which is also an inline bridge's round.
    private void release(FrameBatch batch, long nanos) {
        if (inline) {
            idler.poll(batch.descriptors(), nanos); // of an error we read in the ring
        } else if (!batch.isEmpty()) {
            calls++;
            batch.release();
        }
    }

    @Override
    int otherWaits() {
        return FerryBindings.FERRY_RING_PRODUCER_WAITS();
    }

    private int ended(int error) {
        if (error == FerryBindings.FERRY_ECLOSED()) {
            return -1;
        }
        throw failed(error);
    }
}
