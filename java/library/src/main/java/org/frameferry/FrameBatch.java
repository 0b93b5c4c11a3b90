// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

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
    private final FramePool pool;
    private final int frames;
    private final int stride;
    private final DescriptorArray descriptors;
    private final ThreadBinding binding = new ThreadBinding("this batch");
    private final Frame cursor;
    private final Walk walk = new Walk();
    private int crossings;
    private int next;
    private long walked; // the turnovers when the iteration began: with others, its frames have left

    FrameBatch(FramePool pool, int capacity) {
        this.pool = pool;
        descriptors = new DescriptorArray(
                FramePoolBuilder.check("capacity", capacity, 1, FerryBindings.FERRY_BATCH_MAX()));
        frames = pool.frames();
        stride = pool.stride();
        cursor = new Frame(pool, this);
        if (pool.tuning().leakTracking() != LeakTracking.OFF) {
            pool.leaks().track(this, descriptors);
        }
    }

    /// {@return how many frames the batch holds}
    public int size() {
        return descriptors.size();
    }

    /// {@return how many frames the batch can hold}
    public int capacity() {
        return descriptors.capacity;
    }

    /// {@return whether the batch holds no frame}
    public boolean isEmpty() {
        return size() == 0;
    }

    /// {@return the batch's cursor, on frame `i`}
    ///
    /// @param i 0 to `size() - 1`
    /// @throws IndexOutOfBoundsException if there is no such frame
    public Frame get(int i) {
        Objects.checkIndex(i, size());
        cursor.moveTo(i, descriptors.get(i), descriptors.epoch);
        return cursor;
    }

    /// {@return the batch's one iterator, at the start; it moves the batch's cursor}
    ///
    /// It goes on over frames that are appended, and after [#detach(int)]; [Iterator#next()] throws
    /// [ConcurrentModificationException] once frames were released, sent or received in the middle of it.
    @Override
    public Iterator<Frame> iterator() {
        next = 0;
        walked = descriptors.turnovers();
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
        Objects.checkIndex(i, size());
        Frame frame = new Frame(pool, descriptors.get(i), null);
        descriptors.remove(i);
        if (i < next) {
            next--;
        }
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
        int size = size();
        if (size == capacity()) {
            throw new IllegalArgumentException("the batch is full: it has " + size + " frames");
        }
        descriptors.set(size, frame.giveUp());
        descriptors.size++;
        descriptors.epoch++;
    }

    /// Gives all frames back to the pool.
    ///
    /// @throws WrongThreadException if the batch belongs to another thread
    public void release() {
        binding.check();
        if (!isEmpty()) {
            pool.takeBack(descriptors);
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
        int room = capacity() - size();
        if (n < 0 || n > room) {
            throw new IllegalArgumentException(
                    "n " + n + " is not in 0 .. " + room + ", the room left in a batch of " + capacity());
        }
        return pool.magazines().take(descriptors, n);
    }

    /// Whether the next burst call must be an ordinary one, in which the virtual machine can stop this thread: one in 64, at
    /// a tenth of a nanosecond each.
    boolean ordinaryCallDue() {
        return (++crossings & 63) == 0;
    }

    DescriptorArray descriptors() {
        return descriptors;
    }

    /// Throws away what names no frame: the descriptors have come out of a ring, which another party may have written.
    ///
    /// @return whether all of them name one
    boolean keepFrames() {
        return descriptors.keepFrames(frames, stride);
    }

    /// Hands the first `n` frames on to the end of another batch of the pool, which has room for them.
    void move(int n, FrameBatch to) {
        descriptors.move(n, to.descriptors);
    }

    /// {@return the bytes of data in the first `n` frames}
    long bytes(int n) {
        long bytes = 0;
        for (int i = 0; i < n; i++) {
            bytes += Descriptor.length(descriptors.get(i));
        }
        return bytes;
    }

    long epoch() {
        return descriptors.epoch;
    }

    /// Moves the window of the frame at `position`, and leaves the frame itself: threads that misuse a cursor together
    /// may mix up position and descriptor, and one frame would be in two places.
    void write(int position, long descriptor) {
        binding.check();
        descriptors.set(position, Descriptor.withIndex(descriptor, Descriptor.index(descriptors.get(position))));
    }

    private final class Walk implements Iterator<Frame> {
        @Override
        public boolean hasNext() {
            return next < size() || walked != descriptors.turnovers();
        }

        @Override
        public Frame next() {
            if (walked != descriptors.turnovers()) {
                throw new ConcurrentModificationException(
                        "frames were released, sent or received in the middle of this iteration");
            }
            if (next >= size()) {
                throw new NoSuchElementException("the batch has " + size() + " frames");
            }
            return get(next++);
        }
    }
}
