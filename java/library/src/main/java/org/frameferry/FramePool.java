// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.frameferry.bindings.FerryBindings;
import org.frameferry.bindings.ferry_audit;
import org.frameferry.bindings.ferry_geometry;
import org.frameferry.bindings.ferry_pool_config;

/// A slab of frames of one size, and the free ones among them. Any thread.
///
/// All memory is mapped when the pool is built and becomes resident as it is touched; nothing is allocated afterwards.
/// Each frame has a metadata line of 64 bytes (time of arrival, tag, peer), then headroom, data and tailroom.
///
/// ```java
/// try (FramePool pool = FramePool.builder().frames(1024).frameSize(1500).build();
///      FrameBatch batch = pool.newBatch(32)) {
///     int n = pool.lease(batch, 32);               // fewer when the pool runs out
///     for (Frame frame : batch) {
///         frame.put(5);
///         MemorySegment.copy(bytes, 0, frame.memory(), ValueLayout.JAVA_BYTE, frame.offset(), 5);
///     }
/// }                                                // the batch gives them back
/// ```
public final class FramePool implements AutoCloseable {
    private final Arena dataArena = Arena.ofShared();
    private final MemorySegment handle;
    private final MemorySegment control;
    private final MemorySegment data;
    private final Geometry geometry;
    private final Set<Bridge> bridges = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;
    private volatile boolean closed;

    /// What never changes, copied out of native memory once.
    record Geometry(int frames, int stride, int frameSize, int headroom, int ringCapacity, long bridgeOffset,
            long bridgeBytes, long rxSlots, long txSlots) {
    }

    // Named classes and not lambdas: the first lambda of a program costs several milliseconds of start-up.

    /// Frees the pool when nothing refers to its control memory any more.
    private static final class Free implements Consumer<MemorySegment> {
        @Override
        public void accept(MemorySegment pool) {
            FerryBindings.ferry_pool_free(pool);
        }
    }

    /// Keeps the mapping while the data arena lives: a segment of data may outlive the pool object.
    private record Keep(MemorySegment handle) implements Consumer<MemorySegment> {
        @Override
        public void accept(MemorySegment data) {
            Reference.reachabilityFence(handle);
        }
    }

    private FramePool(MemorySegment config) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            NativeGate.check(FerryBindings.ferry_pool_open(config, out), "cannot open a pool of "
                    + ferry_pool_config.frames(config) + " frames of " + ferry_pool_config.frame_size(config) + " bytes");
            // Both segments of the control memory belong to one automatic arena: whoever still holds either, even in
            // the middle of a native call, keeps the slab mapped. The last one gone, the pool is freed.
            Arena controlArena = Arena.ofAuto();
            handle = out.get(ValueLayout.ADDRESS, 0).reinterpret(controlArena, new Free());
            MemorySegment g = arena.allocate(ferry_geometry.layout());
            FerryBindings.ferry_pool_geometry(handle, g);
            geometry = read(g);
            control = MemorySegment.ofAddress(ferry_geometry.control(g)).reinterpret(
                    ferry_geometry.control_bytes(g), controlArena, null);
            data = MemorySegment.ofAddress(ferry_geometry.data(g)).reinterpret(ferry_geometry.data_bytes(g), dataArena,
                    new Keep(handle));
        }
    }

    private static Geometry read(MemorySegment g) {
        return new Geometry(ferry_geometry.frames(g), ferry_geometry.stride(g), ferry_geometry.frame_size(g),
                ferry_geometry.headroom(g), ferry_geometry.ring_capacity(g), ferry_geometry.bridge_offset(g),
                ferry_geometry.bridge_bytes(g), ferry_geometry.rx_slots(g), ferry_geometry.tx_slots(g));
    }

    /// {@return a builder with 4096 frames of 2048 bytes}
    ///
    /// @throws FerryException if the native library cannot be loaded; the message says why
    public static Builder builder() {
        NativeLibrary.require(); // before the ranges, which stand in the bindings, are asked for
        return new Builder();
    }

    /// {@return how many frames the pool has}
    public int frames() {
        return geometry.frames;
    }

    /// {@return bytes of data that a new frame holds}
    public int frameSize() {
        return geometry.frameSize;
    }

    /// {@return bytes in front of a new frame's data}
    public int headroom() {
        return geometry.headroom;
    }

    /// {@return bytes from one frame to the next: an odd number of cache lines}
    public int stride() {
        return geometry.stride;
    }

    /// {@return the memory of all frames; access throws [IllegalStateException] once the pool is closed}
    public MemorySegment memory() {
        return data;
    }

    /// {@return an empty batch for up to `capacity` frames of this pool}
    ///
    /// @param capacity 1 to 1024
    public FrameBatch newBatch(int capacity) {
        return new FrameBatch(this, capacity);
    }

    /// Leases up to `n` free frames and appends them to `batch`: empty (length 0), with the pool's headroom, and without
    /// a peer. One foreign call; never blocks.
    ///
    /// @param batch of this pool
    /// @param n 0 to the room left in the batch
    /// @return how many frames were free, 0 to `n`
    /// @throws IllegalArgumentException if `n` is negative or the batch has no room for `n` more
    /// @throws ForeignFrameException if the batch is another pool's
    /// @throws WrongThreadException if the batch belongs to another thread
    /// @throws ClosedException if the pool is closed
    public int lease(FrameBatch batch, int n) {
        batch.check(this);
        return batch.lease(n);
    }

    /// {@return where every frame is}
    ///
    /// @throws ClosedException if the pool is closed
    public PoolAudit audit() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = arena.allocate(ferry_audit.layout());
            if (FerryBindings.ferry_pool_audit(handle, a) != FerryBindings.FERRY_OK()) {
                throw closedException();
            }
            return new PoolAudit(ferry_audit.frames(a), ferry_audit.free(a), ferry_audit.cached(a),
                    ferry_audit.queued(a), ferry_audit.device(a), ferry_audit.leased(a), ferry_audit.duplicated(a),
                    ferry_audit.corrupt(a));
        }
    }

    /// {@return whether [#close()] was called}
    public boolean isClosed() {
        return closed;
    }

    /// Closes the bridges still open, then the pool: accesses to its memory throw from here on, and the memory goes back to
    /// the system. Closing twice does nothing.
    ///
    /// @throws IllegalStateException if another thread is in the middle of an operation of the JDK (a channel's read or
    ///         write) on this pool's memory; the bridges are closed then, and close may be called again
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closing = true;
        for (Bridge bridge : bridges) {
            bridge.close();
        }
        dataArena.close();
        closed = true;
        FerryBindings.ferry_pool_close(handle);
    }

    /// Whether close has begun.
    boolean isClosing() {
        return closing;
    }

    ClosedException closedException() {
        return new ClosedException("the pool of " + frames() + " frames of " + frameSize() + " bytes is closed");
    }

    MemorySegment handle() {
        return handle;
    }

    MemorySegment control() {
        return control;
    }

    Geometry geometry() {
        return geometry;
    }

    void add(Bridge bridge) {
        bridges.add(bridge);
    }

    void remove(Bridge bridge) {
        bridges.remove(bridge);
    }

    /// Frees the numbers of closed bridges whose threads have ended.
    void reclaimBridges() {
        for (Bridge bridge : bridges) {
            bridge.reclaimIfQuiet();
        }
    }

    /// Configures a pool. Not for several threads.
    public static final class Builder {
        private int frames = 4096;
        private int frameSize = 2048;
        private int headroom = 128;
        private int ringCapacity;
        private int bridges = 8;
        private boolean hugePages;

        private Builder() {
        }

        /// How many frames; default 4096.
        ///
        /// @param frames 1 to 1,048,576
        /// @return this
        public Builder frames(int frames) {
            this.frames = check("frames", frames, 1, FerryBindings.FERRY_FRAMES_MAX());
            return this;
        }

        /// Bytes of data in a frame; default 2048.
        ///
        /// @param bytes 64 to 1,048,576
        /// @return this
        public Builder frameSize(int bytes) {
            frameSize = check("frameSize", bytes, FerryBindings.FERRY_FRAME_SIZE_MIN(),
                    FerryBindings.FERRY_FRAME_SIZE_MAX());
            return this;
        }

        /// Bytes kept free in front of the data, so that a header can be pushed; default 128.
        ///
        /// @param bytes 0 to 65,536, a multiple of 64
        /// @return this
        public Builder headroom(int bytes) {
            headroom = check("headroom", bytes, 0, FerryBindings.FERRY_HEADROOM_MAX());
            if (bytes % 64 != 0) {
                throw new IllegalArgumentException("headroom " + bytes + " is not a multiple of 64");
            }
            return this;
        }

        /// Descriptors that each ring of a bridge holds; default: the smallest power of two that holds every frame.
        ///
        /// A bridge that nobody receives from can take so many frames out of the pool: for one that is only to send, choose
        /// fewer than the pool has.
        ///
        /// @param descriptors 1 to 1,048,576, a power of two
        /// @return this
        public Builder ringCapacity(int descriptors) {
            ringCapacity = check("ringCapacity", descriptors, 1, FerryBindings.FERRY_RING_CAPACITY_MAX());
            if (Integer.bitCount(descriptors) != 1) {
                throw new IllegalArgumentException("ringCapacity " + descriptors + " is not a power of two");
            }
            return this;
        }

        /// Bridges that can be open at once; default 8.
        ///
        /// @param bridges 0 to 64
        /// @return this
        public Builder bridges(int bridges) {
            this.bridges = check("bridges", bridges, 0, FerryBindings.FERRY_BRIDGES_MAX());
            return this;
        }

        /// Asks for transparent huge pages under the frames; default off. A wish: `ferry doctor` tells what comes of it.
        ///
        /// @param hugePages whether to ask
        /// @return this
        public Builder hugePages(boolean hugePages) {
            this.hugePages = hugePages;
            return this;
        }

        /// {@return a new pool, every frame free}
        ///
        /// @throws FerryException if the memory cannot be mapped
        public FramePool build() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment config = arena.allocate(ferry_pool_config.layout());
                ferry_pool_config.frames(config, frames);
                ferry_pool_config.frame_size(config, frameSize);
                ferry_pool_config.headroom(config, headroom);
                ferry_pool_config.ring_capacity(config,
                        ringCapacity != 0 ? ringCapacity : Integer.highestOneBit(Math.max(1, frames * 2 - 1)));
                ferry_pool_config.bridges(config, bridges);
                ferry_pool_config.huge_pages(config, hugePages ? 1 : 0);
                return new FramePool(config);
            }
        }

        static int check(String name, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + " " + value + " is not in " + min + " .. " + max);
            }
            return value;
        }
    }
}
