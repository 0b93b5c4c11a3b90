// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import org.frameferry.bindings.FerryBindings;

/// The send end of a bridge. Only the thread that it is bound to.
final class Sender extends End {
    Sender(BridgeLife life, FramePool pool, int number, boolean inline, MappedRing ring, JavaDriver driver,
            ThreadBinding binding, Idler idler) {
        super(life, pool, number, inline, ring, driver, binding, idler);
    }

    int send(FrameBatch batch, long patience) {
        binding.check();
        batch.check(pool);
        int sent = push(batch);
        return batch.isEmpty() || patience <= 0 ? sent : sent + sendSlowly(batch, patience);
    }

    private int sendSlowly(FrameBatch batch, long patience) {
        long start = System.nanoTime();
        long left = patience;
        int sent = 0;
        while (!batch.isEmpty() && left > 0 && !Thread.currentThread().isInterrupted()) {
            idler.idle(left);
            sent += push(batch);
            left = patience - (System.nanoTime() - start);
        }
        return sent;
    }

    /// One crossing: as many frames as fit, from the front. An empty batch crosses as well: a sender whose frames are all in
    /// the ring of a device that has failed, so that it can lease no more, must be told.
    private int push(FrameBatch batch) {
        if (life.isClosed()) {
            throw life.senderDone();
        }
        if (driver != null) {
            return toDriver(batch);
        }
        long result = ring == null ? pushBatched(batch) : pushMapped(batch);
        if (inline) {
            transmit(batch);
        } else {
            wake();
        }
        return (int) result; // the low 32 bits are the count
    }

    /// The device is Java, too.
    private int toDriver(FrameBatch batch) {
        try {
            return driver.send(batch);
        } catch (FerryException e) {
            binding.unbind(); // as in `failed`
            throw e;
        }
    }

    private long pushBatched(FrameBatch batch) {
        calls++;
        long result = NativeGate.send(handle, number, batch.descriptors(), batch.ordinaryCallDue());
        if (result > Integer.MAX_VALUE) {
            owed |= result;
        } else if (result < 0) {
            throw ended((int) result);
        }
        return result;
    }

    private long pushMapped(FrameBatch batch) {
        int error = ring.deviceError();
        DescriptorArray descriptors = batch.descriptors();
        int sent = error == 0 ? ring.push(descriptors.memory, descriptors.size()) : 0;
        if (sent > 0) {
            descriptors.gone = sent;
            descriptors.size = sent - descriptors.size;
            descriptors.epoch += DescriptorArray.TURNOVER;
            owed = WAKE_BRIDGE;
        }
        if (error != 0 || sent < 0) {
            throw ended(mappedError(error));
        }
        return sent;
    }

    /// Without a poller, this thread takes the frames out of the ring to the device.
    private void transmit(FrameBatch batch) {
        long result = idler.transmit(batch.descriptors());
        if (result < 0 && result != FerryBindings.FERRY_ECLOSED()) {
            throw ended((int) result);
        }
    }

    @Override
    int otherWaits() {
        return FerryBindings.FERRY_RING_CONSUMER_WAITS();
    }

    private RuntimeException ended(int error) {
        return error == FerryBindings.FERRY_ECLOSED() ? life.senderDone() : failed(error);
    }
}
