// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import org.frameferry.FramePool;
import org.frameferry.bench.crossing.NativeRing;
import org.frameferry.bench.stream.NativeSide.Role;
import org.frameferry.bench.stream.RingEnd.Crossing;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A stream with its other end in C, in a thread on the second processor. Belongs to the benchmark's thread. */
public abstract class NativePair extends Conditions {
    private final Role role;
    private final Crossing crossing;
    private FramePool pool;
    private NativeRing ring;
    private Stream stream;
    private NativeSide side;
    private long next;

    /**
     * @param role of the side in C
     * @param crossing of Java's; null: in C as well
     */
    NativePair(Role role, Crossing crossing) {
        this.role = role;
        this.crossing = crossing;
    }

    /** Once, so that its objects are not counted among what frames cost. */
    @Setup
    public void open() {
        pool = pool();
        ring = ring();
        RingEnd end = crossing == null ? null : crossing.end(ring, role == Role.CONSUMES);
        stream = role == Role.CONSUMES ? stream(pool, end, null) : stream(pool, null, end);
    }

    /** Anew for each iteration, so that the other thread does not spin while the round trip is measured. */
    @Setup(Level.Iteration)
    public void start() {
        Cores.pin(Cores.FIRST);
        next = 0;
        side = plan().start(role);
    }

    private NativeSide.Plan plan() {
        return new NativeSide.Plan(ring, null, pool, batch, payload);
    }

    /** {@return the other end of the same stream, for this thread} */
    final NativeSide here() {
        return plan().here(role == Role.CONSUMES ? Role.PRODUCES : Role.CONSUMES);
    }

    /** Moves {@link #FRAMES} frames, from or to Java. */
    final void run() {
        side.begin(FRAMES);
        long to = next + FRAMES;
        if (role == Role.CONSUMES) {
            Flow.send(stream, next, to, batch, side);
        } else {
            Flow.receive(stream, next, to, batch, side);
        }
        next = to;
        side.await();
    }

    /** As {@link #run}, from C to C. */
    final void run(NativeSide here) {
        side.begin(FRAMES);
        here.run(FRAMES);
        side.await();
    }

    @TearDown(Level.Iteration)
    public void stop() {
        side.close();
    }

    @TearDown
    public void close() {
        stream.close();
        ring.close();
        close(pool);
    }
}
