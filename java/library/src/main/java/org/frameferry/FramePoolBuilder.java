// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.frameferry.bindings.FerryBindings;
import org.frameferry.bindings.ferry_pool_config;

    /// Configures a [FramePool]. Not for several threads.
    public final class FramePoolBuilder {
    private int frames = 4096;
    private int frameSize = 2048;
    private int headroom = 128;
    private int ringCapacity;
    private int bridges = 8;
    private boolean hugePages;
    String name; // null: not given
    boolean zero;
    Overflow overflow = Overflow.REFUSE;
    LeakTracking leakTracking = LeakTracking.SAMPLED;
    Consumer<FrameLeak> leakListener; // null: the log
    LongSupplier clock; // null: the system's; tests have their own

    FramePoolBuilder() {
    }

    /// How many frames; default 4096.
    ///
    /// @param frames 1 to 1,048,576
    /// @return this
    public FramePoolBuilder frames(int frames) {
        this.frames = check("frames", frames, 1, FerryBindings.FERRY_FRAMES_MAX());
        return this;
    }

    /// Bytes of data in a frame; default 2048.
    ///
    /// @param bytes 64 to 1,048,576
    /// @return this
    public FramePoolBuilder frameSize(int bytes) {
        frameSize = check("frameSize", bytes, FerryBindings.FERRY_FRAME_SIZE_MIN(),
                FerryBindings.FERRY_FRAME_SIZE_MAX());
        return this;
    }

    /// Bytes kept free in front of the data, so that a header can be pushed; default 128.
    ///
    /// @param bytes 0 to 65,536, a multiple of 64
    /// @return this
    public FramePoolBuilder headroom(int bytes) {
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
    public FramePoolBuilder ringCapacity(int descriptors) {
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
    public FramePoolBuilder bridges(int bridges) {
        this.bridges = check("bridges", bridges, 0, FerryBindings.FERRY_BRIDGES_MAX());
        return this;
    }

    /// Asks for transparent huge pages under the frames; default off. A wish: `ferry doctor` tells what comes of it.
    ///
    /// @param hugePages whether to ask
    /// @return this
    public FramePoolBuilder hugePages(boolean hugePages) {
        this.hugePages = hugePages;
        return this;
    }

    /// The pool's name, in messages, events and statistics; default "pool-1", "pool-2" and so on. A pool that was given a name
    /// is registered with the platform's MBean server until it is closed: see [FramePoolMXBean]. The first of them starts
    /// that server, which takes a tenth of a second.
    ///
    /// @param name not empty
    /// @return this
    public FramePoolBuilder name(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a pool cannot be blank");
        }
        this.name = name;
        return this;
    }

    /// What happens when a single frame is asked for and none is free; default [Overflow#REFUSE].
    ///
    /// @param overflow not null
    /// @return this
    public FramePoolBuilder overflow(Overflow overflow) {
        this.overflow = Objects.requireNonNull(overflow, "overflow");
        return this;
    }

    /// Overwrites frames with zeros when they come back, headroom and all, so that the next holder cannot read what the last
    /// one wrote; default off. Costs what writing a frame costs, and the magazines: each frame goes back to the depot.
    ///
    /// @param zero whether to
    /// @return this
    public FramePoolBuilder zeroOnRelease(boolean zero) {
        this.zero = zero;
        return this;
    }

    /// Which leases are tracked at first; default [LeakTracking#SAMPLED]. [PoolTuning#leakTracking(LeakTracking)] changes it.
    ///
    /// @param tracking not null
    /// @return this
    public FramePoolBuilder leakTracking(LeakTracking tracking) {
        leakTracking = Objects.requireNonNull(tracking, "tracking");
        return this;
    }

    /// Who is told of leaks, in a thread of the library's own; default: a warning in the log of [System#getLogger(String)].
    ///
    /// @param listener not null
    /// @return this
    public FramePoolBuilder leakListener(Consumer<FrameLeak> listener) {
        leakListener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /// {@return a new pool, every frame free}
    ///
    /// @throws FerryException if the memory cannot be mapped
    public FramePool build() {
        FramePool pool = new FramePool(this);
        return name != null ? pool.register() : pool;
    }

    Slab map() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment config = arena.allocate(ferry_pool_config.layout());
            ferry_pool_config.frames(config, frames);
            ferry_pool_config.frame_size(config, frameSize);
            ferry_pool_config.headroom(config, headroom);
            ferry_pool_config.ring_capacity(config,
                    ringCapacity != 0 ? ringCapacity : Integer.highestOneBit(Math.max(1, frames * 2 - 1)));
            ferry_pool_config.zero(config, zero ? 1 : 0);
            ferry_pool_config.bridges(config, bridges);
            ferry_pool_config.huge_pages(config, hugePages ? 1 : 0);
            return new Slab(config);
        }
    }

    static int check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " " + value + " is not in " + min + " .. " + max);
        }
        return value;
    }
}
