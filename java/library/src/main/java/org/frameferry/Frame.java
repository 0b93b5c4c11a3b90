// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.frameferry.bindings.FerryBindings;

/// One frame: a window of `length()` bytes at `offset()` in the pool's memory, with headroom before and tailroom after.
///
/// Either the cursor of a [FrameBatch], good until the batch changes, or a frame of its own, made by
/// [FrameBatch#detach(int)], which any thread may use and which must be released once. The four operations that move the
/// window are those of Linux's `sk_buff`; they move no payload and touch only the descriptor.
///
/// Fast access: `memory()` with `offset()` costs nothing, while a slice of it allocates 40 bytes once it escapes. Bulk
/// copies and reads of `long` beat loops over bytes by far.
public final class Frame implements AutoCloseable {
    private static final VarHandle RELEASED;
    private static final int META = FerryBindings.FERRY_META_BYTES();

    static {
        try {
            RELEASED = MethodHandles.lookup().findVarHandle(Frame.class, "released", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final FramePool pool;
    private final FrameBatch batch; // null: detached
    private final MemorySegment memory;
    private final int stride;
    private int position;
    private long epoch;
    private long descriptor;
    private boolean released; // detached frames only, by RELEASED

    /// A batch's cursor.
    Frame(FramePool pool, FrameBatch batch) {
        this.pool = pool;
        this.batch = batch;
        memory = pool.memory();
        stride = pool.stride();
        epoch = -1;
    }

    /// A detached frame.
    Frame(FramePool pool, long descriptor) {
        this(pool, null);
        this.descriptor = descriptor;
    }

    void moveTo(int position, long descriptor, long epoch) {
        this.position = position;
        this.descriptor = descriptor;
        this.epoch = epoch;
    }

    private void check() {
        if (batch != null ? epoch != batch.epoch() : released) {
            throw releasedException();
        }
    }

    private FrameReleasedException releasedException() {
        return new FrameReleasedException(batch != null
                ? "this frame has left its batch: it was released, sent, detached or replaced by later ones"
                : "this frame was released before");
    }

    private void set(long changed) {
        descriptor = changed;
        if (batch != null) {
            batch.write(position, changed);
        }
    }

    private long start() {
        return (long) Descriptor.index(descriptor) * stride;
    }

    /// {@return the memory of the whole pool, in which this frame is the part at `offset()`}
    public MemorySegment memory() {
        check();
        return memory;
    }

    /// {@return where the data begins in `memory()`}
    public long offset() {
        check();
        return start() + Descriptor.offset(descriptor);
    }

    /// {@return bytes of data}
    public int length() {
        check();
        return Descriptor.length(descriptor);
    }

    /// {@return bytes in front of the data that [#push(int)] can take}
    public int headroom() {
        check();
        return Descriptor.offset(descriptor) - META;
    }

    /// {@return bytes behind the data that [#put(int)] can take}
    public int tailroom() {
        check();
        return stride - Descriptor.offset(descriptor) - Descriptor.length(descriptor);
    }

    /// {@return `headroom() + length() + tailroom()`}
    public int capacity() {
        return stride - META;
    }

    /// Lengthens the data by `n` bytes at its end.
    ///
    /// @param n 0 to `tailroom()`
    /// @return this
    /// @throws IndexOutOfBoundsException if there is not so much tailroom
    public Frame put(int n) {
        checkRoom("put", n, tailroom(), "tailroom");
        set(Descriptor.moveEnd(descriptor, n));
        return this;
    }

    /// Lengthens the data by `n` bytes at its start: room for a header.
    ///
    /// @param n 0 to `headroom()`
    /// @return this
    /// @throws IndexOutOfBoundsException if there is not so much headroom
    public Frame push(int n) {
        checkRoom("push", n, headroom(), "headroom");
        set(Descriptor.moveStart(descriptor, -n));
        return this;
    }

    /// Shortens the data by `n` bytes at its start: takes a header off.
    ///
    /// @param n 0 to `length()`
    /// @return this
    /// @throws IndexOutOfBoundsException if there is not so much data
    public Frame pull(int n) {
        checkRoom("pull", n, length(), "data");
        set(Descriptor.moveStart(descriptor, n));
        return this;
    }

    /// Shortens the data to `length` bytes.
    ///
    /// @param length 0 to `length()`
    /// @return this
    /// @throws IndexOutOfBoundsException if there is not so much data
    public Frame trim(int length) {
        checkRoom("trim", length, length(), "data");
        set(Descriptor.moveEnd(descriptor, length - Descriptor.length(descriptor)));
        return this;
    }

    private static void checkRoom(String operation, int n, int room, String what) {
        if (n < 0 || n > room) {
            throw new IndexOutOfBoundsException(operation + "(" + n + "): the frame has " + room + " bytes of " + what);
        }
    }

    /// {@return when the frame came in, in nanoseconds since the epoch; undefined for a frame that was leased}
    ///
    /// By the kernel with [Udp#timestamps(boolean)], else by the poller, once for each burst that it read.
    public long timestamp() {
        check();
        return memory.get(ValueLayout.JAVA_LONG, start() + FerryBindings.FERRY_META_TIMESTAMP());
    }

    /// {@return the user's word in the metadata line; undefined until it is set}
    public long tag() {
        check();
        return memory.get(ValueLayout.JAVA_LONG, start() + FerryBindings.FERRY_META_TAG());
    }

    /// Sets the user's word, which travels with the frame.
    ///
    /// @param tag any value
    /// @return this
    public Frame tag(long tag) {
        check();
        memory.set(ValueLayout.JAVA_LONG, start() + FerryBindings.FERRY_META_TAG(), tag);
        return this;
    }

    /// {@return where the frame's metadata line begins in `memory()`; LAYOUT.md says what is in it}
    public long metadataOffset() {
        check();
        return start();
    }

    /// {@return who sent the frame, or will get it; a new object}
    ///
    /// @throws IllegalStateException if the frame has no internet address
    public Peer peer() {
        long address = metadataOffset() + FerryBindings.FERRY_META_ADDRESS();
        if (!Descriptor.addressed(descriptor)) { // what lies there is some earlier user's
            throw new IllegalStateException("the frame has no peer: none was set since it was leased");
        }
        return Peer.read(memory, address);
    }

    /// Sets who will get the frame when it is sent through a socket that is not connected.
    ///
    /// @param peer the receiver
    /// @return this
    public Frame peer(Peer peer) {
        peer.write(memory, metadataOffset() + FerryBindings.FERRY_META_ADDRESS());
        set(descriptor | Descriptor.ADDRESSED);
        return this;
    }

    /// {@return whether `peer` sent the frame; allocates nothing}
    ///
    /// @param peer an address to compare with
    public boolean isFrom(Peer peer) {
        long address = metadataOffset() + FerryBindings.FERRY_META_ADDRESS();
        return Descriptor.addressed(descriptor) && peer.matches(memory, address);
    }

    /// Gives a detached frame back to the pool. Of two threads that release it, one gets the exception.
    ///
    /// @throws FrameReleasedException if it was released before
    /// @throws IllegalArgumentException if it belongs to a batch, which releases it
    public void release() {
        long result = NativeGate.giveOne(pool.handle(), giveUp()); // an error says that pool and frames are gone
        NativeGate.wakePool(pool.handle(), result);
    }

    /// As [#release()].
    @Override
    public void close() {
        release();
    }

    FramePool pool() {
        return pool;
    }

    /// {@return the descriptor of a detached frame, whose owner is the caller from here on}
    long giveUp() {
        if (batch != null) {
            throw new IllegalArgumentException("this frame belongs to a batch: release the batch, or detach the frame");
        }
        if (!RELEASED.compareAndSet(this, false, true)) {
            throw releasedException();
        }
        return descriptor;
    }
}
