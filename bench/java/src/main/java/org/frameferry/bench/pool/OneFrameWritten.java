// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.pool;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.frameferry.Frame;
import org.openjdk.jmh.annotations.Benchmark;

/** One frame leased, 64 bytes of it written, and released by the same thread. */
public class OneFrameWritten {
    @Benchmark
    public void frameferryNew(Frames frames) {
        try (Frame frame = frames.pool.lease()) {
            frame.copyIn(Contest.PAYLOAD);
        }
    }

    @Benchmark
    public void frameferryReused(Frames frames, Frames.Handle handle) {
        Frame frame = handle.frame;
        if (!frames.pool.tryLease(frame)) {
            throw Frames.exhausted();
        }
        frame.copyIn(Contest.PAYLOAD);
        frame.release();
    }

    @Benchmark
    public void nettyPooled(Netty.Pooled netty) {
        ByteBuf buffer = netty.allocate();
        buffer.writeBytes(Contest.PAYLOAD);
        buffer.release();
    }

    @Benchmark
    public void nettyAdaptive(Netty.Adaptive netty) {
        ByteBuf buffer = netty.allocate();
        buffer.writeBytes(Contest.PAYLOAD);
        buffer.release();
    }

    @Benchmark
    public void arena() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment.copy(Contest.PAYLOAD, 0, arena.allocate(Contest.FRAME_BYTES), ValueLayout.JAVA_BYTE, 0,
                    Contest.PAYLOAD.length);
        }
    }

    @Benchmark
    public void malloc() {
        long address = Malloc.allocate();
        Malloc.write(address);
        Malloc.free(address);
    }
}
