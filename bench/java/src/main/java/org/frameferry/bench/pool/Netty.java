// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.pool;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.internal.PlatformDependent;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Netty's two allocators, at their best settings or not at all. Any thread. */
@State(Scope.Benchmark)
public abstract class Netty {
    /** "sampled" is Netty's default. */
    @Param("sampled")
    public String leaks;

    private final ByteBufAllocator allocator;

    Netty(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    @Setup
    public void prepare() {
        if (!PlatformDependent.hasUnsafe() || !PlatformDependent.hasDirectBufferNoCleanerConstructor()) {
            throw new IllegalStateException("Netty would run below its best, without Unsafe",
                    PlatformDependent.getUnsafeUnavailabilityCause());
        }
        ResourceLeakDetector.setLevel(switch (leaks) {
            case "sampled" -> ResourceLeakDetector.Level.SIMPLE;
            case "off" -> ResourceLeakDetector.Level.DISABLED;
            default -> throw new IllegalArgumentException("leaks=" + leaks + " is not sampled or off");
        });
    }

    final ByteBuf allocate() {
        return allocator.directBuffer(Contest.FRAME_BYTES);
    }

    /** The pooled allocator as Netty sets it up; the flags of the fork give every thread a cache. */
    public static class Pooled extends Netty {
        public Pooled() {
            super(PooledByteBufAllocator.DEFAULT);
        }
    }

    /** The adaptive allocator, Netty's default since 4.2, with a magazine for every thread. */
    public static class Adaptive extends Netty {
        public Adaptive() {
            super(new AdaptiveByteBufAllocator(true, true));
        }
    }
}
