// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a receiver got: every contestant shows it each datagram's length and number. Numbers only ever rise, as loopback
 * keeps the order; a gap is a loss, which whoever knows how many were sent counts. One thread counts, any may look.
 */
final class Tally {
    /** Bytes of a datagram's data. */
    static final int LENGTH = 64;
    /** Where the number stands, 32 bits big-endian: behind the sender's seconds and microseconds. */
    static final int NUMBER_OFFSET = 8;

    private static final VarHandle RECEIVED;

    static {
        try {
            RECEIVED = MethodHandles.lookup().findVarHandle(Tally.class, "received", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private int highest;
    private long misordered;
    private long malformed;
    private long received; // written last: publishes the others

    /** One datagram. */
    void take(int number, int length) {
        if (number <= highest) {
            misordered++;
        } else {
            highest = number;
        }
        if (length != LENGTH) {
            malformed++;
        }
        RECEIVED.setRelease(this, received + 1);
    }

    /** {@return what has been counted, beside what CPU it took} */
    Snapshot snapshot(long threadNanos, long processNanos) {
        long count = (long) RECEIVED.getAcquire(this);
        return new Snapshot(count, misordered, malformed, threadNanos, processNanos);
    }
}
