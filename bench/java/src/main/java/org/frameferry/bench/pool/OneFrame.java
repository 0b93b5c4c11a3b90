// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.pool;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import org.frameferry.Frame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** One frame leased and released by the same thread. */
public class OneFrame {
    @Benchmark
    public void frameferryNew(Frames frames, Blackhole hole) {
        try (Frame frame = frames.pool.lease()) {
            hole.consume(frame);
        }
    }

    @Benchmark
    public void frameferryReused(Frames frames, Frames.Handle handle, Blackhole hole) {
        Frame frame = handle.frame;
        if (!frames.pool.tryLease(frame)) {
            throw Frames.exhausted();
        }
        hole.consume(frame);
        frame.release();
    }

    @Benchmark
    public void nettyPooled(Netty.Pooled netty, Blackhole hole) {
        ByteBuf buffer = netty.allocate();
        hole.consume(buffer);
        buffer.release();
    }

    @Benchmark
    public void nettyAdaptive(Netty.Adaptive netty, Blackhole hole) {
        ByteBuf buffer = netty.allocate();
        hole.consume(buffer);
        buffer.release();
    }

    @Benchmark
    public void arena(Blackhole hole) {
        try (Arena arena = Arena.ofConfined()) {
            hole.consume(arena.allocate(Contest.FRAME_BYTES));
        }
    }

    @Benchmark
    public void malloc(Blackhole hole) {
        long address = Malloc.allocate();
        hole.consume(address);
        Malloc.free(address);
    }
}
