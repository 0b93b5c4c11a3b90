// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import org.frameferry.bench.BenchFailure;

/**
 * A way for numbered frames from one thread to another. One thread sends, one receives and checks that it gets 0, 1, 2
 * and so on; neither waits. Each fork of a benchmark has one class of streams, so that the calls are inlined.
 */
abstract class Stream implements AutoCloseable {
    /** Sends up to `n` frames, the first of which has the number `next`. Returns how many. */
    abstract int send(long next, int n);

    /** Receives up to `n` frames, the first of which must have the number `next`. Returns how many. */
    abstract int receive(long next, int n);

    /** {@return what a receiver throws that was not given what it should} */
    static BenchFailure outOfOrder(long expected) {
        return new BenchFailure("frame " + expected + " was lost, or came out of order, or is not what was sent");
    }

    @Override
    public void close() {}
}
