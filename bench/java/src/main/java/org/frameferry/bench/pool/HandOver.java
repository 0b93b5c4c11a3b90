// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.pool;

import io.netty.buffer.ByteBuf;
import org.frameferry.Frame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.infra.Control;

/**
 * One thread leases, another releases. The group "transport" passes an object that is there already, and so costs what
 * the way between the threads costs. Each half of a group counts the frames that it has handed on: the figure is the
 * time from one frame to the next, and a frame is two of JMH's operations.
 */
public class HandOver {
    private static final Object NOTHING = new Object();

    @Benchmark
    @Group("transport")
    public void offer(Way way, Control control) {
        way.offer(NOTHING, control);
    }

    @Benchmark
    @Group("transport")
    public Object poll(Way way, Control control) {
        return way.poll(control);
    }

    @Benchmark
    @Group("frameferryNew")
    public void lease(Frames frames, Way way, Control control) {
        Frame frame = frames.pool.lease();
        if (!way.offer(frame, control)) {
            frame.release();
        }
    }

    @Benchmark
    @Group("frameferryNew")
    public void release(Way way, Control control) {
        if (way.poll(control) instanceof Frame frame) {
            frame.release();
        }
    }

    @Benchmark
    @Group("frameferryReused")
    public void leaseReused(Frames frames, Way.Handles handles, Way way, Control control) {
        Frame frame = (Frame) handles.first();
        if (!frames.pool.tryLease(frame)) {
            throw Frames.exhausted();
        }
        if (way.offer(frame, control)) {
            handles.turn();
        } else {
            frame.release();
        }
    }

    @Benchmark
    @Group("frameferryReused")
    public void releaseReused(Way way, Control control) {
        release(way, control);
    }

    @Benchmark
    @Group("nettyPooled")
    public void allocatePooled(Netty.Pooled netty, Way way, Control control) {
        allocate(netty, way, control);
    }

    @Benchmark
    @Group("nettyPooled")
    public void releasePooled(Way way, Control control) {
        releaseBuffer(way, control);
    }

    @Benchmark
    @Group("nettyAdaptive")
    public void allocateAdaptive(Netty.Adaptive netty, Way way, Control control) {
        allocate(netty, way, control);
    }

    @Benchmark
    @Group("nettyAdaptive")
    public void releaseAdaptive(Way way, Control control) {
        releaseBuffer(way, control);
    }

    private static void allocate(Netty netty, Way way, Control control) {
        ByteBuf buffer = netty.allocate();
        if (!way.offer(buffer, control)) {
            buffer.release();
        }
    }

    private static void releaseBuffer(Way way, Control control) {
        if (way.poll(control) instanceof ByteBuf buffer) {
            buffer.release();
        }
    }

    @Benchmark
    @Group("malloc")
    public void allocateBlock(Way.Blocks blocks, Way way, Control control) {
        Way.Block block = (Way.Block) blocks.first();
        block.address = Malloc.allocate();
        if (way.offer(block, control)) {
            blocks.turn();
        } else {
            Malloc.free(block.address);
        }
    }

    @Benchmark
    @Group("malloc")
    public void freeBlock(Way way, Control control) {
        if (way.poll(control) instanceof Way.Block block) {
            Malloc.free(block.address);
        }
    }
}
