// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import org.frameferry.bindings.FerryBindings;

/// What the two ends of a bridge have in common. Only the thread that it is bound to, unless a method says otherwise.
abstract sealed class End permits Receiver, Sender {
    static final long WAKE_BRIDGE = FerryBindings.FERRY_WAKE_BRIDGE();

    final BridgeLife life;
    final FramePool pool;
    final MemorySegment handle;
    final int number;
    final boolean inline;
    final MappedRing ring; // null: batched crossing
    final JavaDriver driver; // null: the device is native
    final ThreadBinding binding;
    final Idler idler;
    long calls;
    long owed; // what a burst call's result asked for, until it is made; stored as DescriptorArray says

    End(BridgeLife life, FramePool pool, int number, boolean inline, MappedRing ring, JavaDriver driver,
            ThreadBinding binding, Idler idler) {
        this.life = life;
        this.pool = pool;
        this.handle = pool.handle();
        this.number = number;
        this.inline = inline;
        this.ring = ring;
        this.driver = driver;
        this.binding = binding;
        this.idler = idler;
    }

    /// Makes the ordinary calls that are owed.
    final void wake() {
        if (owed != 0) {
            if (ring == null || ring.otherWaits(otherWaits())) {
                calls++;
                NativeGate.wake(handle, number, owed);
            }
            owed = 0;
        }
    }

    /// {@return the word of the ring that says whether its other end sleeps}
    abstract int otherWaits();

    /// {@return what ended a mapped ring: the device's error, or that its words make no sense}
    ///
    /// @param error the device's, or 0
    final int mappedError(int error) {
        boolean closing = life.isClosed() || pool.isClosing();
        return error != 0 ? error : closing ? FerryBindings.FERRY_ECLOSED() : FerryBindings.FERRY_ECORRUPT();
    }

    /// {@return what to throw when the device has failed}
    final FerryException failed(int error) {
        binding.unbind(); // there is nothing more to do here: the bridge's number need not wait for this thread
        return FerryException.of(error, life + " has ended");
    }

    /// Binds to the current thread, unless another one has this end.
    final void claim() {
        binding.check();
    }

    /// Binds to the current thread, whoever had this end: for users that take turns under a lock.
    final void seize() {
        binding.seize();
    }

    /// Lets another thread use this end.
    final void unbind() {
        binding.unbind();
    }

    /// {@return whether the current thread has this end}
    final boolean isMine() {
        return binding.isMine();
    }

    /// {@return whether no other live thread can be inside; any thread}
    final boolean isQuiet() {
        return binding.isQuiet();
    }

    /// Any thread, when the end will not be used again.
    final void stop() {
        idler.stop();
    }

    /// {@return foreign calls made; any thread, a moment's value}
    final long calls() {
        return calls + idler.calls();
    }
}
