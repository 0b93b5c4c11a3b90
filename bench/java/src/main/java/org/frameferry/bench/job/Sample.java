// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import org.frameferry.bench.BenchFailure;

/**
 * One flood of datagrams and what a receiver made of it. Immutable; any thread.
 *
 * @param sent by the sender
 * @param counted by the receiver, meanwhile
 */
record Sample(Sent sent, Snapshot counted) {
    private static final double NANOS = 1e9;

    /**
     * {@return itself}
     *
     * @param contestant who is to blame
     * @throws BenchFailure if a datagram came twice, late or in a wrong length, or if none came
     */
    Sample checked(String contestant) {
        if (counted.misordered() != 0 || counted.malformed() != 0 || counted.received() > sent.datagrams()
                || counted.received() == 0) {
            throw new BenchFailure(("%s received %d of %d datagrams, %d of them not in order and %d not of %d bytes:"
                    + " its figures are worth nothing").formatted(contestant, counted.received(), sent.datagrams(),
                    counted.misordered(), counted.malformed(), Tally.LENGTH));
        }
        return this;
    }

    /** {@return datagrams received per second of CPU of the threads that receive} */
    double perCpuSecond() {
        return counted.received() * NANOS / counted.threadNanos();
    }

    /** {@return the same per second of CPU of the whole process} */
    double wholeProcess() {
        return counted.received() * NANOS / counted.processNanos();
    }

    /** {@return percent of what was sent that was not received} */
    double loss() {
        return 100.0 * (sent.datagrams() - counted.received()) / sent.datagrams();
    }

    /** {@return percent of the time that was spent receiving, the rest asleep} */
    double busy() {
        return 100 * counted.threadNanos() / (sent.seconds() * NANOS);
    }
}
