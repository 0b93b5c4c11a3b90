// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import org.frameferry.FramePool;
import org.frameferry.LeakTracking;
import org.frameferry.bench.crossing.NativeRing;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What all streams of a run have in common. Belongs to the benchmark's thread. */
@State(Scope.Thread)
public class Conditions {
    /** Frames that one invocation moves: so many that starting the other thread is nothing beside them. */
    static final int FRAMES = 1 << 18;
    private static final int SMALLEST = 64; // frame of a pool, in bytes

    /** Frames that are moved at a time, at most. */
    @Param("64")
    public int batch;

    /** Bytes of a frame; 8: its descriptor, alone. */
    @Param("8")
    public int payload;

    /** Frames that the ring, or queue, has room for: a power of two. */
    @Param("8192")
    public int capacity;

    /** {@return a new ring} */
    final NativeRing ring() {
        return new NativeRing(capacity);
    }

    /** {@return the frames of a stream over our ring; null without payload} */
    final FramePool pool() {
        return payload == Payload.NONE ? null : frames();
    }

    /** {@return a pool with frames for a full ring, and as many for both ends} */
    final FramePool frames() {
        return FramePool.builder().frames(2 * capacity).frameSize(Math.max(payload, SMALLEST)).headroom(0)
                .ringCapacity(capacity).leakTracking(LeakTracking.OFF).build();
    }

    /**
     * {@return our stream between two ends}
     *
     * @param pool null without payload
     */
    final Stream stream(FramePool pool, RingEnd out, RingEnd in) {
        return pool == null ? new DescriptorStream(out, in, batch) : new FrameStream(pool, out, in, batch, payload);
    }

    static void close(FramePool pool) {
        if (pool != null) {
            pool.close();
        }
    }
}
