// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import org.frameferry.bench.stream.RingEnd.Crossing;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * One frame to the other processor and back, and only then the next. The figure is the mean; {@link LatencyProfiler}
 * has the percentiles. All include one look at the clock, some 20 ns. `pingPong` is one word there and one back: the
 * floor.
 */
@OperationsPerInvocation(Echo.TRIPS)
@Fork(jvmArgsAppend = "-Dagrona.disable.bounds.checks=true")
public class JavaRoundTrip {
    /** Ours: a critical call to send and calls to receive, on each side. */
    public static class Batched extends EchoOverRings {
        public Batched() {
            super(Crossing.BATCHED, false);
        }
    }

    /** Ours: no call. */
    public static class Mapped extends EchoOverRings {
        public Mapped() {
            super(Crossing.MAPPED, false);
        }
    }

    /** JCTools. */
    public static class Jctools extends Echo {
        @Override
        Stream make() {
            return new Queues.Jctools(capacity, Payload.NONE);
        }
    }

    /** Agrona's queue of references. */
    public static class AgronaQueue extends Echo {
        @Override
        Stream make() {
            return new Queues.Agrona(capacity, Payload.NONE);
        }
    }

    /** Agrona's ring buffer. */
    public static class AgronaBuffer extends Echo {
        @Override
        Stream make() {
            return new AgronaRing(capacity, Payload.NONE);
        }
    }

    /** LMAX Disruptor. */
    public static class Disruptor extends Echo {
        @Override
        Stream make() {
            return new DisruptorStream(capacity, Payload.NONE);
        }
    }

    /** The JDK's queue. */
    public static class Blocking extends Echo {
        @Override
        Stream make() {
            return new Queues.Blocking(capacity, Payload.NONE, 1);
        }
    }

    /** Two words. */
    public static class PingPong extends Echo {
        @Override
        Stream make() {
            return new Words();
        }
    }

    @Benchmark
    public void frameferry(Batched echo) {
        echo.run();
    }

    @Benchmark
    public void frameferryMapped(Mapped echo) {
        echo.run();
    }

    @Benchmark
    public void jctools(Jctools echo) {
        echo.run();
    }

    @Benchmark
    public void agronaQueue(AgronaQueue echo) {
        echo.run();
    }

    @Benchmark
    public void agronaRing(AgronaBuffer echo) {
        echo.run();
    }

    @Benchmark
    public void disruptor(Disruptor echo) {
        echo.run();
    }

    @Benchmark
    public void arrayBlockingQueue(Blocking echo) {
        echo.run();
    }

    @Benchmark
    public void pingPong(PingPong echo) {
        echo.run();
    }
}
