// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.frameferry.bindings.FerryBindings;

/// An array of descriptors that crosses in one call, and owns the frames they name.
///
/// A batch is made once and used again and again: [Bridge#receive(FrameBatch)] gives its frames back and fills it anew,
/// [Bridge#send(FrameBatch)] hands them on. Iterating and [#get(int)] move one cursor that the batch reuses, so nothing is
/// allocated; the cursor is good until the batch changes. Do not nest two iterations of one batch.
///
/// Belongs to the thread that first uses it, until [#unbind()]; size and iteration are not checked for that, everything
/// that moves frames, or their windows, is.
public final class FrameBatch implements Iterable<Frame>, AutoCloseable {
    private static final int GONE = -1; // in place of `next`: the frames of the iteration have left

    private final FramePool pool;
    private final int capacity;
    private final int frames;
    private final int stride;
    private final MemorySegment descriptors;
    private final ThreadBinding binding = new ThreadBinding("this batch");
    private final Frame cursor;
    private final Walk walk = new Walk();
    private int crossings;
    private int size;
    private int next;
    private long epoch;

    FrameBatch(FramePool pool, int capacity) {
        this.pool = pool;
        this.capacity = FramePoolBuilder.check("capacity", capacity, 1, FerryBindings.FERRY_BATCH_MAX());
        // One more than that for the size: what is left when the batch itself is collected. Automatic: native calls that
        // are under way keep it, and there is nothing to close.
        descriptors = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, capacity + 1L);
        frames = pool.frames();
        stride = pool.stride();
        cursor = new Frame(pool, this);
        if (pool.tuning().leakTracking() != LeakTracking.OFF) {
            pool.leaks().track(this, descriptors, capacity);
        }
    }

    /// {@return how many frames the batch holds}
    public int size() {
        return size;
    }

    /// {@return how many frames the batch can hold}
    public int capacity() {
        return capacity;
    }

    /// {@return whether the batch holds no frame}
    public boolean isEmpty() {
        return size == 0;
    }

    /// {@return the batch's cursor, on frame `i`}
    ///
    /// @param i 0 to `size() - 1`
    /// @throws IndexOutOfBoundsException if there is no such frame
    public Frame get(int i) {
        Objects.checkIndex(i, size);
        cursor.moveTo(i, descriptors.getAtIndex(ValueLayout.JAVA_LONG, i), epoch);
        return cursor;
    }

    /// {@return the batch's one iterator, at the start; it moves the batch's cursor}
    ///
    /// It goes on over frames that are appended, and after [#detach(int)]; [Iterator#next()] throws
    /// [ConcurrentModificationException] once frames were released, sent or received in the middle of it.
    @Override
    public Iterator<Frame> iterator() {
        next = 0;
        return walk;
    }

    /// Takes frame `i` out of the batch. Later frames move down by one; an iteration goes on with the frame after it.
    ///
    /// @param i 0 to `size() - 1`
    /// @return a frame of its own, which any thread may use and must release
    /// @throws IndexOutOfBoundsException if there is no such frame
    /// @throws WrongThreadException if the batch belongs to another thread
    public Frame detach(int i) {
        binding.check();
        Objects.checkIndex(i, size);
        Frame frame = new Frame(pool, descriptors.getAtIndex(ValueLayout.JAVA_LONG, i), null);
        long after = (i + 1L) * Long.BYTES;
        MemorySegment.copy(descriptors, after, descriptors, after - Long.BYTES, (size - i - 1L) * Long.BYTES);
        if (i < next) {
            next--;
        }
        resize(size - 1);
        return frame;
    }

    /// Puts a detached frame at the end of the batch, which owns it from here on.
    ///
    /// @param frame of the same pool
    /// @throws ForeignFrameException if the frame is another pool's
    /// @throws IllegalArgumentException if the frame belongs to a batch, or this batch is full
    /// @throws FrameReleasedException if the frame was released
    /// @throws WrongThreadException if the batch belongs to another thread
    public void add(Frame frame) {
        binding.check();
        if (frame.pool() != pool) {
            throw new ForeignFrameException("a frame of another pool cannot be added to this batch");
        }
        if (size == capacity) {
            throw new IllegalArgumentException("the batch is full: it has " + capacity + " frames");
        }
        descriptors.setAtIndex(ValueLayout.JAVA_LONG, size, frame.giveUp());
        resize(size + 1);
    }

    /// Gives all frames back to the pool.
    ///
    /// @throws WrongThreadException if the batch belongs to another thread
    public void release() {
        binding.check();
        if (size != 0) {
            int n = size;
            replace(0); // whatever comes of it: when the pool is closed, its frames are gone with it
            pool.takeBack(descriptors, n);
        }
    }

    /// As [#release()].
    @Override
    public void close() {
        release();
    }

    /// Lets another thread use the batch, with the frames in it: the next one that does.
    ///
    /// @throws WrongThreadException if the batch belongs to another thread
    public void unbind() {
        binding.unbind();
    }

    /// Binds the batch to the current thread, whoever had it: for users that take turns under a lock.
    void seize() {
        binding.seize();
    }

    /// Whether this thread may move the batch's frames in and out of that pool.
    void check(FramePool other) {
        binding.check();
        if (other != pool) {
            throw new ForeignFrameException("a batch of another pool cannot be used here");
        }
    }

    int lease(int n) {
        if (n < 0 || n > capacity - size) {
            throw new IllegalArgumentException("n " + n + " is not in 0 .. " + (capacity - size)
                    + ", the room left in a batch of " + capacity);
        }
        int taken = pool.magazines().take(descriptors, size, n);
        resize(size + taken);
        return taken;
    }

    /// Whether the next burst call must be an ordinary one, in which the virtual machine can stop this thread: one in 64, at
    /// a tenth of a nanosecond each.
    boolean ordinaryCallDue() {
        return (++crossings & 63) == 0;
    }

    MemorySegment descriptors() {
        return descriptors;
    }

    /// `n` other frames have taken the place of the old.
    void replace(int n) {
        next = GONE;
        resize(n);
    }

    /// Throws away what names no frame: the descriptors have come out of a ring, which another party may have written.
    ///
    /// @return whether all of them name one
    boolean keepFrames() {
        long flaw = 0;
        for (int i = 0; i < size; i++) {
            flaw |= Descriptor.flaw(descriptors.getAtIndex(ValueLayout.JAVA_LONG, i), frames, stride);
        }
        if (flaw >= 0) {
            return true;
        }
        int kept = 0;
        for (int i = 0; i < size; i++) {
            long descriptor = descriptors.getAtIndex(ValueLayout.JAVA_LONG, i);
            descriptors.setAtIndex(ValueLayout.JAVA_LONG, kept, descriptor);
            kept += Descriptor.flaw(descriptor, frames, stride) < 0 ? 0 : 1;
        }
        resize(kept);
        return false;
    }

    private void resize(int n) {
        size = n;
        epoch++;
        descriptors.setAtIndex(ValueLayout.JAVA_LONG, capacity, n);
    }

    /// The first `n` frames have been handed on.
    void removeFirst(int n) {
        long start = (long) n * Long.BYTES;
        MemorySegment.copy(descriptors, start, descriptors, 0, (long) size * Long.BYTES - start);
        replace(size - n);
    }

    long epoch() {
        return epoch;
    }

    /// Moves the window of the frame at `position`, and leaves the frame itself: threads that misuse a cursor together
    /// may mix up position and descriptor, and one frame would be in two places.
    void write(int position, long descriptor) {
        binding.check();
        int index = Descriptor.index(descriptors.getAtIndex(ValueLayout.JAVA_LONG, position));
        descriptors.setAtIndex(ValueLayout.JAVA_LONG, position, Descriptor.withIndex(descriptor, index));
    }

    private final class Walk implements Iterator<Frame> {
        @Override
        public boolean hasNext() {
            return next < size;
        }

        @Override
        public Frame next() {
            if (next == GONE) {
                throw new ConcurrentModificationException(
                        "frames were released, sent or received in the middle of this iteration");
            }
            if (next >= size) {
                throw new NoSuchElementException("the batch has " + size + " frames");
            }
            return get(next++);
        }
    }
}
