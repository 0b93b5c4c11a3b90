// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A frame there and back, through two streams of a kind; the other end, on the second processor, sends it back. */
@State(Scope.Thread)
public abstract class Echo {
    /** Round trips that one invocation makes. */
    static final int TRIPS = 1 << 12;

    /** Frames that a ring, or queue, has room for: never more than one is in it. */
    @Param("1024")
    public int capacity;

    private Stream there;
    private Stream back;
    private Flow.Other other;
    private long next;

    /** {@return a new stream for single frames} */
    abstract Stream make();

    /** Anew for each iteration, so that the other thread does not spin while the round trip is measured. */
    @Setup(Level.Iteration)
    public void open() {
        Cores.pin(Cores.FIRST);
        Stream out = make();
        Stream in = make();
        there = out;
        back = in;
        next = 0;
        other = start(out, in);
    }

    /** {@return the other end, which sends back what it gets; here, in Java} */
    Flow.Other start(Stream out, Stream in) {
        return new Partner((from, to, self) -> answer(out, in, from, to, self), Cores.SECOND, 0);
    }

    private static void answer(Stream in, Stream out, long from, long to, Partner self) {
        for (long next = from; next < to && !self.ends(); next++) {
            receive(in, next, self);
            send(out, next);
        }
    }

    /** Without a pause in the spin, which would be a part of the latency. */
    private static void receive(Stream stream, long next, Flow.Other other) {
        while (stream.receive(next, 1) <= 0 && !other.ends()) {
            continue;
        }
    }

    private static void send(Stream stream, long next) {
        if (stream.send(next, 1) != 1) {
            throw new IllegalStateException("there is no room for one frame");
        }
    }

    /** Makes {@link #TRIPS} round trips, and records each. */
    final void run() {
        long to = next + TRIPS;
        other.begin(TRIPS);
        for (; next < to; next++) {
            long start = System.nanoTime();
            send(there, next);
            receive(back, next, other);
            LatencyProfiler.record(System.nanoTime() - start);
        }
        other.await();
    }

    @TearDown(Level.Iteration)
    public void close() {
        other.close();
        there.close();
        back.close();
    }
}
