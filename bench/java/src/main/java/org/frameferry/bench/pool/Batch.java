// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.pool;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import org.frameferry.FrameBatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** 64 frames leased, then released, by the same thread. Each figure is that of one frame. */
@OperationsPerInvocation(Contest.BATCH)
public class Batch {
    /** Ours, used again and again. */
    @State(Scope.Thread)
    public static class Ours {
        FrameBatch batch;

        @Setup
        public void make(Frames frames) {
            batch = frames.pool.newBatch(Contest.BATCH);
        }
    }

    /** Theirs, used again and again. */
    @State(Scope.Thread)
    public static class Theirs {
        final ByteBuf[] buffers = new ByteBuf[Contest.BATCH];
        final long[] addresses = new long[Contest.BATCH];
    }

    @Benchmark
    public void frameferry(Frames frames, Ours ours) {
        if (frames.pool.lease(ours.batch, Contest.BATCH) != Contest.BATCH) {
            throw Frames.exhausted();
        }
        ours.batch.release();
    }

    @Benchmark
    public void nettyPooled(Netty.Pooled netty, Theirs theirs) {
        netty(netty, theirs.buffers);
    }

    @Benchmark
    public void nettyAdaptive(Netty.Adaptive netty, Theirs theirs) {
        netty(netty, theirs.buffers);
    }

    private static void netty(Netty netty, ByteBuf[] buffers) {
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = netty.allocate();
        }
        for (ByteBuf buffer : buffers) {
            buffer.release();
        }
    }

    /** One arena for all 64: what somebody would write who knows that they are freed together. */
    @Benchmark
    public void arena(Blackhole hole) {
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < Contest.BATCH; i++) {
                hole.consume(arena.allocate(Contest.FRAME_BYTES));
            }
        }
    }

    @Benchmark
    public void malloc(Theirs theirs) {
        for (int i = 0; i < theirs.addresses.length; i++) {
            theirs.addresses[i] = Malloc.allocate();
        }
        for (long address : theirs.addresses) {
            Malloc.free(address);
        }
    }
}
