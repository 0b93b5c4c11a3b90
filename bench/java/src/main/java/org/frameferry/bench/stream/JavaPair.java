// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A stream with both ends in Java: a partner on the second processor receives. Belongs to the benchmark's thread. */
public abstract class JavaPair extends Conditions {
    private Stream stream;
    private Partner partner;
    private long next;

    /** {@return a new stream} */
    abstract Stream make();

    /** Once, so that its objects are not counted among what frames cost. */
    @Setup
    public void open() {
        Cores.pin(Cores.FIRST);
        Stream made = make();
        stream = made;
        partner = new Partner((from, to, self) -> Flow.receive(made, from, to, batch, self), Cores.SECOND, 0);
    }

    /** Before an iteration: in between, the other thread does not spin while the round trip is measured. */
    @Setup(Level.Iteration)
    public void resume() {
        partner.resume();
    }

    /** Moves {@link #FRAMES} frames. */
    final void run() {
        long to = next + FRAMES;
        partner.begin(FRAMES);
        Flow.send(stream, next, to, batch, partner);
        next = to;
        partner.await();
    }

    @TearDown(Level.Iteration)
    public void rest() {
        partner.rest();
    }

    @TearDown
    public void close() {
        partner.close();
        stream.close();
    }
}
