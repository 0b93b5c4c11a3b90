// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Frames of several sizes: a [FramePool] for each class of them, and a lease from the smallest class that fits. A frame
/// knows its pool, and can only go back there. Any thread.
///
/// ```java
/// try (SizedFramePool pool = SizedFramePool.builder().frames(64, 256).frames(1500, 1024).build();
///      Frame header = pool.lease(17); Frame audio = pool.lease(1276)) {
///     ...
/// }
/// ```
public final class SizedFramePool implements AutoCloseable {
    private final List<FramePool> classes; // by frame size, the smallest first
    private final String name;
    private final boolean nextLarger;

    private SizedFramePool(Builder options) {
        List<FramePool> pools = new ArrayList<>();
        try {
            options.counts.forEach((size, count) -> pools.add(options.pool(size, count)));
        } catch (RuntimeException e) {
            pools.forEach(FramePool::close);
            throw e;
        }
        classes = List.copyOf(pools);
        name = options.name != null ? options.name : "sized pool";
        nextLarger = options.nextLarger;
    }

    /// {@return a builder without any class}
    ///
    /// @throws FerryException if the native library cannot be loaded; the message says why
    public static Builder builder() {
        NativeLibrary.require();
        return new Builder();
    }

    /// {@return the pools of the classes, the smallest frames first}
    public List<FramePool> classes() {
        return classes;
    }

    /// {@return the pool of the smallest class that fits, for batches, bridges and reused handles}
    ///
    /// @param bytes of data, 0 to the largest class's
    /// @throws IllegalArgumentException if no class fits
    public FramePool pool(int bytes) {
        return classes.get(fitting(bytes));
    }

    private int fitting(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes " + bytes + " is negative");
        }
        for (int i = 0; i < classes.size(); i++) {
            if (bytes <= classes.get(i).frameSize()) {
                return i;
            }
        }
        throw new IllegalArgumentException("bytes " + bytes + " is more than the " + classes.getLast().frameSize()
                + " of the largest class");
    }

    /// Leases a frame of the smallest class that fits, or, if the pool was built so, of the next larger one that has any; as
    /// [FramePool#tryLease()]. Never blocks.
    ///
    /// @param bytes of data, 0 to the largest class's
    /// @return a frame that must be released, or null when none is free
    /// @throws IllegalArgumentException if no class fits
    /// @throws ClosedException if the pool is closed
    public Frame tryLease(int bytes) {
        int first = fitting(bytes);
        Frame frame = nextLarger ? find(first) : null;
        return frame != null ? frame : classes.get(first).tryLease();
    }

    /// A free frame of the first class that has one. The classes asked in vain have a miss each; if all were, the first one
    /// has not, because it is then asked again, for what it does when it has none.
    private Frame find(int first) {
        for (int i = first; i < classes.size(); i++) {
            Frame frame = classes.get(i).tryLeaseInside();
            if (i != first) {
                classes.get(frame != null ? first : i).meter().missed(1, false);
            }
            if (frame != null) {
                return frame;
            }
        }
        return null;
    }

    /// As [#tryLease(int)], but never null.
    ///
    /// @param bytes of data, 0 to the largest class's
    /// @return a frame that must be released
    /// @throws PoolExhaustedException if none is free
    /// @throws IllegalArgumentException if no class fits
    /// @throws ClosedException if the pool is closed
    public Frame lease(int bytes) {
        return lease(bytes, Duration.ZERO);
    }

    /// As [#lease(int)], but waits until a frame of the smallest class that fits comes back. An interrupt ends the wait, and
    /// stays set.
    ///
    /// @param bytes of data, 0 to the largest class's
    /// @param patience how long to wait at most
    /// @return a frame that must be released
    /// @throws PoolExhaustedException if none came back in time
    /// @throws IllegalArgumentException if no class fits
    /// @throws ClosedException if the pool is closed
    public Frame lease(int bytes, Duration patience) {
        Objects.requireNonNull(patience, "patience"); // before a frame is taken
        int first = fitting(bytes);
        Frame frame = nextLarger ? find(first) : null;
        return frame != null ? frame : classes.get(first).lease(patience);
    }

    /// {@return where the frames of all classes are, in total; [#classes()] have their own}
    ///
    /// @throws ClosedException if the pool is closed
    public PoolAudit audit() {
        PoolAudit sum = new PoolAudit(0, 0, 0, 0, 0, 0, 0, 0);
        for (FramePool pool : classes) {
            sum = sum.plus(pool.audit());
        }
        return sum;
    }

    /// {@return the figures of all classes together, as of now or as of [#close()]; [#classes()] have their own}
    ///
    /// Each class that a lease was asked of has its hit or miss: one that goes on to a larger class is a miss of the smaller.
    public PoolStatistics statistics() {
        return PoolStatistics.sum(name, classes.stream().map(FramePool::statistics).toList());
    }

    /// Closes the pools of all classes; see [FramePool#close()]. If it throws, close may be called again, and goes on.
    ///
    /// @throws LeasesOutstandingException if frames of any class are leased, and says of which; then none is closed, unless
    ///         the frame was leased while this closed
    @Override
    public void close() {
        for (FramePool pool : classes) {
            pool.checkClosable();
        }
        for (FramePool pool : classes) {
            pool.close();
        }
    }

    /// Configures a pool of several classes. Not for several threads.
    public static final class Builder {
        // Both can be changed while they are walked through: threads that misuse a builder together, or options that
        // come back to it, find no broken map.
        private final Map<Integer, Integer> counts = new ConcurrentSkipListMap<>();
        private final List<Consumer<FramePoolBuilder>> options = new CopyOnWriteArrayList<>();
        private String name;
        private boolean nextLarger;
        private Overflow overflow = Overflow.REFUSE;
        private boolean building;

        private Builder() {
        }

        /// Adds a class.
        ///
        /// @param size bytes of data in a frame, 64 to 1,048,576; not that of another class
        /// @param count how many frames, 1 to 1,048,576
        /// @return this
        public Builder frames(int size, int count) {
            FramePool.builder().frameSize(size).frames(count); // checks both
            if (counts.putIfAbsent(size, count) != null) {
                throw new IllegalArgumentException("there is a class of " + size + " bytes already");
            }
            return this;
        }

        /// Adds the classes of an audio stream: 256 frames of 64 bytes for control headers of 17, and 1024 of 1500 bytes for
        /// audio.
        ///
        /// @return this
        public Builder audio() {
            return frames(64, 256).frames(1500, 1024);
        }

        /// Adds three classes for data of any size: 1024 frames of 4 KiB, 128 of 64 KiB, 16 of 1 MiB.
        ///
        /// @return this
        public Builder smallMediumLarge() {
            return frames(4 << 10, 1024).frames(64 << 10, 128).frames(1 << 20, 16);
        }

        /// The name; each class is then named after it, as "audio-1500", and registered for management.
        ///
        /// @param name not empty
        /// @return this
        public Builder name(String name) {
            FramePool.builder().name(name); // checks it
            this.name = name;
            return this;
        }

        /// Whether to lease a larger frame than needed when the class that fits is empty; default false.
        ///
        /// @param allowed whether to
        /// @return this
        public Builder nextLarger(boolean allowed) {
            nextLarger = allowed;
            return this;
        }

        /// What happens when no frame is free, a larger one neither if that is allowed, also after waiting; default
        /// [Overflow#REFUSE].
        ///
        /// @param overflow not null
        /// @return this
        public Builder overflow(Overflow overflow) {
            this.overflow = Objects.requireNonNull(overflow, "overflow");
            return this;
        }

        /// Sets the other options of each class, such as [FramePoolBuilder#headroom(int)]. What this builder has itself
        /// (sizes, counts, name, overflow) is set here, and replaces what is set there.
        ///
        /// @param options is called for each class when the pool is built
        /// @return this
        public Builder each(Consumer<FramePoolBuilder> options) {
            this.options.add(Objects.requireNonNull(options, "options"));
            return this;
        }

        private FramePool pool(int size, int count) {
            FramePoolBuilder pool = FramePool.builder();
            options.forEach(option -> option.accept(pool));
            if (name != null) {
                pool.name(name + "-" + size);
            }
            return pool.frameSize(size).frames(count).overflow(overflow).build();
        }

        /// {@return a new pool, every frame free}
        ///
        /// @throws IllegalStateException if it has no class, or is building a pool already
        /// @throws FerryException if the memory cannot be mapped
        public SizedFramePool build() {
            if (counts.isEmpty()) {
                throw new IllegalStateException("a sized pool needs a class: frames(size, count)");
            }
            if (building) { // without end, if the options of a class ask for it
                throw new IllegalStateException("this builder is building a pool already");
            }
            building = true;
            try {
                return new SizedFramePool(this);
            } finally {
                building = false;
            }
        }
    }
}
