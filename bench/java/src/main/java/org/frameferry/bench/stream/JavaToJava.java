// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import org.frameferry.Bridge;
import org.frameferry.FramePool;
import org.frameferry.Loop;
import org.frameferry.bench.crossing.NativeRing;
import org.frameferry.bench.stream.RingEnd.Crossing;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * Java on both sides. The figure is the time from one frame to the next. Ours and Agrona's ring buffer pass what lies
 * outside the heap, and could pass it to C; the others pass references to objects, which nobody allocates here.
 *
 * <p>Settings are parameters. Batches of 16 to 512 and capacities of 1024 to 65536 were tried with each (Zen 5, two
 * virtual cores, near and far): the Disruptor is best at 256 and 8192, JCTools at 256 and 8192 or more, Agrona's two at
 * any, within their noise. The Serial, Parallel and G1 collectors, with conditional card marking or without, came out
 * the same.
 */
@OperationsPerInvocation(Conditions.FRAMES)
@Fork(jvmArgsAppend = "-Dagrona.disable.bounds.checks=true")
public class JavaToJava {
    /** Ours. */
    public abstract static class Ours extends JavaPair {
        private final Crossing crossing;
        private FramePool pool;
        private NativeRing ring;

        Ours(Crossing crossing) {
            this.crossing = crossing;
        }

        @Override
        final Stream make() {
            pool = pool();
            ring = ring();
            return stream(pool, crossing.end(ring, true), crossing.end(ring, false));
        }

        @Override
        public void close() {
            super.close();
            ring.close();
            close(pool);
        }
    }

    /** One critical call a batch, on each side. */
    public static class Batched extends Ours {
        public Batched() {
            super(Crossing.BATCHED);
        }
    }

    /** No call. */
    public static class Mapped extends Ours {
        public Mapped() {
            super(Crossing.MAPPED);
        }
    }

    /** Our public API. */
    public static class OverLoop extends JavaPair {
        private FramePool pool;

        @Override
        Stream make() {
            pool = frames();
            Bridge bridge = Bridge.builder(pool, Loop.device()).crossing(Bridge.Crossing.MAPPED).open();
            return new LoopStream(pool, bridge, batch, payload);
        }

        @Override
        public void close() {
            super.close();
            pool.close();
        }
    }

    /** JCTools. */
    public static class Jctools extends JavaPair {
        @Override
        Stream make() {
            return new Queues.Jctools(capacity, payload);
        }
    }

    /** Agrona's queue of references. */
    public static class AgronaQueue extends JavaPair {
        @Override
        Stream make() {
            return new Queues.Agrona(capacity, payload);
        }
    }

    /** Agrona's ring buffer. */
    public static class AgronaBuffer extends JavaPair {
        @Override
        Stream make() {
            return new AgronaRing(capacity, payload);
        }
    }

    /** LMAX Disruptor. */
    public static class Disruptor extends JavaPair {
        @Override
        Stream make() {
            return new DisruptorStream(capacity, payload);
        }
    }

    /** The JDK's queue. */
    public static class Blocking extends JavaPair {
        @Override
        Stream make() {
            return new Queues.Blocking(capacity, payload, batch);
        }
    }

    @Benchmark
    public void frameferry(Batched pair) {
        pair.run();
    }

    @Benchmark
    public void frameferryMapped(Mapped pair) {
        pair.run();
    }

    @Benchmark
    public void frameferryLoop(OverLoop pair) {
        pair.run();
    }

    @Benchmark
    public void jctools(Jctools pair) {
        pair.run();
    }

    @Benchmark
    public void agronaQueue(AgronaQueue pair) {
        pair.run();
    }

    @Benchmark
    public void agronaRing(AgronaBuffer pair) {
        pair.run();
    }

    @Benchmark
    public void disruptor(Disruptor pair) {
        pair.run();
    }

    @Benchmark
    public void arrayBlockingQueue(Blocking pair) {
        pair.run();
    }
}
