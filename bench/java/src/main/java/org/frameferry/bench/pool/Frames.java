// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.pool;

import java.util.stream.Stream;
import org.frameferry.Frame;
import org.frameferry.FramePool;
import org.frameferry.LeakTracking;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Frameferry's contestant: a pool as the builder makes it. Nobody closes it: frames may be on their way from one thread
 * to the other when a measurement ends, and the fork ends with it. Any thread.
 */
@State(Scope.Benchmark)
public class Frames {
    /** "sampled" is the default, as it is Netty's. */
    @Param("sampled")
    public String leaks;

    FramePool pool;

    @Setup
    public void open() {
        pool = FramePool.builder().frameSize(Contest.FRAME_BYTES).leakTracking(switch (leaks) {
            case "sampled" -> LeakTracking.SAMPLED;
            case "off" -> LeakTracking.OFF;
            case "every" -> LeakTracking.EVERY;
            default -> throw new IllegalArgumentException("leaks=" + leaks + " is not sampled, off or every");
        }).build();
        // More than magazines hold, as any program leases now and then. The compiler leaves out what it has never seen, and
        // would have a loop without refills and samples to itself.
        Frame[] all = Stream.generate(pool::lease).limit(pool.frames()).toArray(Frame[]::new);
        for (Frame frame : all) {
            frame.release();
        }
    }

    static IllegalStateException exhausted() {
        return new IllegalStateException("no frame is free: a contestant keeps what it should release");
    }

    /** A handle that its thread leases into again and again. */
    @State(Scope.Thread)
    public static class Handle {
        Frame frame;

        @Setup
        public void make(Frames frames) {
            frame = frames.pool.newFrame();
        }
    }
}
