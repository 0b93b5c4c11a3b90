// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import org.frameferry.Bridge;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.LeakTracking;
import org.frameferry.Loop;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A bridge to send over and receive from. Belongs to the benchmark's thread. */
public class Loops extends ThreadKind {
    private static final int FRAMES = 8192;

    @Param({"1", "2", "4", "8", "16", "32", "64", "128", "256", "512"})
    public int batch;

    FramePool pool;
    Bridge bridge;
    FrameBatch sent;
    FrameBatch received;

    @Setup
    public void open() {
        pool = FramePool.builder().frames(FRAMES).leakTracking(LeakTracking.OFF).build();
        bridge = Bridge.open(pool, Loop.device());
        sent = bridge.newBatch(batch);
        received = bridge.newBatch(batch);
    }

    @TearDown
    public void close() {
        sent.release();
        received.release();
        bridge.close();
        pool.close();
    }
}
