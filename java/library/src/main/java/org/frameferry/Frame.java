// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.frameferry.bindings.FerryBindings;

/// One frame: a window of `length()` bytes at `offset()` in the pool's memory, with headroom before and tailroom after.
///
/// Either the cursor of a [FrameBatch], good until the batch changes, or a *lease* of its own, from [FramePool#lease()] or
/// [FrameBatch#detach(int)], which must be released once, by any thread. The four operations that move the window are those
/// of Linux's `sk_buff`; they move no payload and touch only the descriptor. One thread at a time uses a frame; of threads
/// that release it at the same time, one succeeds and the others get the exception.
///
/// Fast access: `memory()` with `offset()` costs nothing, while a slice of it allocates 40 bytes once it escapes. Bulk
/// copies and reads of `long` beat loops over bytes by far.
public final class Frame implements AutoCloseable {
    private static final VarHandle SPECIAL;
    private static final int META = FerryBindings.FERRY_META_BYTES();
    private static final long RELEASED = -1; // no lease has this key

    static {
        try {
            SPECIAL = MethodHandles.lookup().findVarHandle(Frame.class, "special", Special.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final FramePool pool;
    private final FrameBatch batch; // null: a lease
    private final int stride;
    private MemorySegment memory;
    private Generations generations;
    private Special special; // null: as long as the lease is a plain one
    private int index; // of a lease; apart from the descriptor, which threads that misuse a frame together may mix up
    private int position; // in the batch
    private long key; // the batch's epoch, or the key of the lease
    private long descriptor;

    /// A batch's cursor, on nothing yet; or, without a batch, a released lease.
    Frame(FramePool pool, FrameBatch batch) {
        this.pool = pool;
        this.batch = batch;
        memory = pool.memory();
        generations = pool.generations();
        stride = pool.stride();
        key = RELEASED;
    }

    /// The lease of a frame that was just taken out of the pool, or out of a batch.
    ///
    /// @param special null: a plain one
    Frame(FramePool pool, long descriptor, Special special) {
        this.pool = pool;
        batch = null;
        stride = pool.stride();
        memory = special == null ? pool.memory() : special.memory;
        generations = special == null ? pool.generations() : special.generations;
        this.descriptor = special == null ? descriptor : special.descriptor;
        this.special = special;
        index = Descriptor.index(this.descriptor);
        key = special == null ? generations.key(index) : special.key;
    }

    /// As the constructor, in a handle that is used again.
    void renew(long descriptor, Special special) {
        memory = special == null ? pool.memory() : special.memory;
        generations = special == null ? pool.generations() : special.generations;
        this.descriptor = special == null ? descriptor : special.descriptor;
        this.special = special;
        index = Descriptor.index(this.descriptor);
        key = special == null ? generations.key(index) : special.key;
    }

    /// Another holder of the same lease.
    private Frame(Frame other, Special special) {
        pool = other.pool;
        batch = null;
        stride = other.stride;
        memory = other.memory;
        generations = other.generations;
        descriptor = other.descriptor;
        this.special = special;
        index = other.index;
        key = other.key;
    }

    void moveTo(int position, long descriptor, long epoch) {
        this.position = position;
        this.descriptor = descriptor;
        key = epoch;
    }

    private void check() {
        if (batch != null ? key != batch.epoch() : !generations.isPlain(index, key)) {
            Special.check(batch, special);
        }
    }

    private Frame set(long changed) {
        if (batch != null) {
            batch.write(position, changed);
        }
        descriptor = changed;
        return this;
    }

    private void checkWritable() {
        if (isShared()) {
            throw new FrameSharedException("this frame is shared, and cannot be written: copy it, or wait until the "
                    + "other holders have released it");
        }
    }

    private long start(long d) {
        return (long) (batch != null ? Descriptor.index(d) : index) * stride;
    }

    private long start() {
        return start(descriptor);
    }

    /// {@return the memory of the whole pool, in which this frame is the part at `offset()`; read-only while the frame is
    /// shared. A frame outside the pool ([Overflow#ALLOCATE]) has a memory of its own}
    public MemorySegment memory() {
        return isShared() ? memory.asReadOnly() : memory;
    }

    /// {@return where the data begins in `memory()`}
    public long offset() {
        check();
        long d = descriptor;
        return start(d) + Descriptor.offset(d);
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
        return tailroom(descriptor);
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
        check();
        long d = descriptor;
        checkRoom("put", n, tailroom(d), "tailroom");
        return set(Descriptor.moveEnd(d, n));
    }

    /// Lengthens the data by `n` bytes at its start: room for a header.
    ///
    /// @param n 0 to `headroom()`
    /// @return this
    /// @throws IndexOutOfBoundsException if there is not so much headroom
    public Frame push(int n) {
        check();
        long d = descriptor;
        checkRoom("push", n, Descriptor.offset(d) - META, "headroom");
        return set(Descriptor.moveStart(d, -n));
    }

    /// Shortens the data by `n` bytes at its start: takes a header off.
    ///
    /// @param n 0 to `length()`
    /// @return this
    /// @throws IndexOutOfBoundsException if there is not so much data
    public Frame pull(int n) {
        check();
        long d = descriptor;
        checkRoom("pull", n, Descriptor.length(d), "data");
        return set(Descriptor.moveStart(d, n));
    }

    /// Shortens the data to `length` bytes.
    ///
    /// @param length 0 to `length()`
    /// @return this
    /// @throws IndexOutOfBoundsException if there is not so much data
    public Frame trim(int length) {
        check();
        long d = descriptor;
        checkRoom("trim", length, Descriptor.length(d), "data");
        return set(Descriptor.moveEnd(d, length - Descriptor.length(d)));
    }

    /// Adds `n` bytes to the headroom of an empty frame, out of its tailroom.
    ///
    /// @param n 0 to `tailroom()`
    /// @return this
    /// @throws IndexOutOfBoundsException if there is not so much tailroom
    /// @throws IllegalStateException if the frame has data
    public Frame reserve(int n) {
        check();
        long d = descriptor;
        if (Descriptor.length(d) != 0) {
            throw new IllegalStateException("reserve(" + n + "): the frame has " + Descriptor.length(d)
                    + " bytes of data already; reserve before the first put");
        }
        checkRoom("reserve", n, tailroom(d), "tailroom");
        return set(Descriptor.moveEnd(Descriptor.moveStart(d, n), n));
    }

    private int tailroom(long d) {
        return stride - Descriptor.offset(d) - Descriptor.length(d);
    }

    private static void checkRoom(String operation, int n, int room, String what) {
        if (n < 0) {
            throw new IllegalArgumentException(operation + "(" + n + "): a size cannot be negative");
        }
        if (n > room) {
            throw new IndexOutOfBoundsException(operation + "(" + n + "): the frame has " + room + " bytes of " + what);
        }
    }

    /// Appends bytes: [#put(int)], then a copy.
    ///
    /// @param source at most `tailroom()` bytes
    /// @return this
    /// @throws IndexOutOfBoundsException if there is not so much tailroom
    /// @throws FrameSharedException if the frame is shared
    public Frame copyIn(byte[] source) {
        return copyIn(source, 0, source.length);
    }

    /// Appends `n` bytes of an array, from index `from` on.
    ///
    /// @param source not null
    /// @param from 0 to `source.length - n`
    /// @param n 0 to `tailroom()`
    /// @return this
    /// @throws IndexOutOfBoundsException if there is not so much tailroom, or not so much in the array
    /// @throws FrameSharedException if the frame is shared
    public Frame copyIn(byte[] source, int from, int n) {
        Objects.checkFromIndexSize(from, n, source.length);
        MemorySegment.copy(source, from, memory, ValueLayout.JAVA_BYTE, end(n), n);
        return put(n);
    }

    /// Appends what remains in a buffer, whose position moves to its limit.
    ///
    /// @param source at most `tailroom()` bytes remaining
    /// @return this
    /// @throws IndexOutOfBoundsException if there is not so much tailroom
    /// @throws FrameSharedException if the frame is shared
    public Frame copyIn(ByteBuffer source) {
        copyIn(MemorySegment.ofBuffer(source));
        source.position(source.limit());
        return this;
    }

    /// Appends the bytes of a segment.
    ///
    /// @param source at most `tailroom()` bytes
    /// @return this
    /// @throws IndexOutOfBoundsException if there is not so much tailroom
    /// @throws FrameSharedException if the frame is shared
    public Frame copyIn(MemorySegment source) {
        int n = (int) Math.min(source.byteSize(), Integer.MAX_VALUE);
        MemorySegment.copy(source, 0, memory, end(n), n);
        return put(n);
    }

    /// Where the next `n` bytes will lie. They are put once they are copied, which a source that is closed, or another
    /// thread's, refuses. The descriptor is read once: two threads that misuse a frame together stay inside it.
    private long end(int n) {
        checkWritable();
        long d = descriptor;
        checkRoom("put", n, tailroom(d), "tailroom");
        return start(d) + Descriptor.offset(d) + Descriptor.length(d);
    }

    /// Copies the data to an array, from index `at` on.
    ///
    /// @param target with room for `length()` bytes
    /// @param at 0 to `target.length - length()`
    /// @return `length()`
    /// @throws IndexOutOfBoundsException if there is not so much room
    public int copyOut(byte[] target, int at) {
        check();
        long d = descriptor; // once, as in end()
        int n = Descriptor.length(d);
        Objects.checkFromIndexSize(at, n, target.length);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, start(d) + Descriptor.offset(d), target, at, n);
        return n;
    }

    /// Copies the data to a buffer, whose position moves behind it.
    ///
    /// @param target with room for `length()` bytes
    /// @return `length()`
    /// @throws IndexOutOfBoundsException if there is not so much room
    public int copyOut(ByteBuffer target) {
        int n = copyOut(MemorySegment.ofBuffer(target));
        target.position(target.position() + n);
        return n;
    }

    /// Copies the data to the start of a segment.
    ///
    /// @param target with room for `length()` bytes
    /// @return `length()`
    /// @throws IndexOutOfBoundsException if there is not so much room
    public int copyOut(MemorySegment target) {
        check();
        long d = descriptor;
        int n = Descriptor.length(d);
        MemorySegment.copy(memory, start(d) + Descriptor.offset(d), target, 0, n);
        return n;
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
    /// @throws FrameSharedException if the frame is shared
    public Frame tag(long tag) {
        checkWritable();
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
    /// @throws FrameSharedException if the frame is shared
    public Frame peer(Peer peer) {
        checkWritable();
        peer.write(memory, metadataOffset() + FerryBindings.FERRY_META_ADDRESS());
        set(descriptor | Descriptor.ADDRESSED);
        return this;
    }

    /// {@return whether `peer` sent the frame; allocates nothing}
    ///
    /// @param peer an address to compare with
    public boolean isFrom(Peer peer) {
        Objects.requireNonNull(peer, "peer");
        long address = metadataOffset() + FerryBindings.FERRY_META_ADDRESS();
        return Descriptor.addressed(descriptor) && peer.matches(memory, address);
    }

    /// Makes another holder of this lease, with a window of its own over the same bytes, which nobody may write while there
    /// are several. The frame goes back to the pool when all holders have released it. Allocates the holder.
    ///
    /// @return to be released as well
    /// @throws FrameReleasedException if this frame was released
    /// @throws IllegalArgumentException if it belongs to a batch: detach it first
    public Frame share() {
        checkLease();
        if (special == null) { // before others can get to know that the lease is no plain one any more
            SPECIAL.compareAndSet(this, null, Special.untracked(memory, generations, index, key));
        }
        return new Frame(this, special.share(pool));
    }

    /// {@return whether another holder has this frame, too}
    public boolean isShared() {
        check();
        return batch == null && generations.isShared(index, key);
    }

    /// Ends the lease: the frame goes back to the pool, with the last holder if it is shared. Any thread; of several that
    /// release at the same time, one succeeds.
    ///
    /// @throws FrameReleasedException if it was released before
    /// @throws IllegalArgumentException if the frame belongs to a batch, which releases it
    public void release() {
        if (batch == null && generations.end(index, key)) {
            pool.takeBack(index);
        } else {
            Special.release(batch, special, pool);
        }
    }

    /// As [#release()].
    @Override
    public void close() {
        release();
    }

    /// Whether another lease may begin in this handle.
    void checkFree() {
        checkLease();
        if (generations.isPlain(index, key) || special != null && special.isHeld()) {
            throw new IllegalStateException("this frame is still leased: release it before it is leased again");
        }
    }

    private void checkLease() {
        if (batch != null) {
            throw Special.ofBatch();
        }
    }

    FramePool pool() {
        return pool;
    }

    /// Ends the lease without giving the frame back: whoever gets the descriptor owns it.
    long giveUp() {
        checkLease();
        if (!generations.end(index, key)) {
            check();
            special.giveUp(pool);
        }
        return Descriptor.withIndex(descriptor, index);
    }
}
