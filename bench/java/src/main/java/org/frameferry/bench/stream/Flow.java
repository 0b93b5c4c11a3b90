// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

/** The two loops of every stream in Java. Static functions; each in the thread of its end. */
final class Flow {
    private Flow() {}

    /** The other end. */
    interface Other {
        /** One that never gives up: in C, it goes on after an error. */
        Other NATIVE = () -> false;

        /** {@return whether it has ended, so that it is in vain to go on} */
        boolean ends();
    }

    /** Sends the frames `from` to `to - 1`, at most `batch` at a time. */
    static void send(Stream stream, long from, long to, int batch, Other other) {
        for (long next = from; next < to && !other.ends();) {
            int n = stream.send(next, (int) Math.min(batch, to - next));
            if (n <= 0) {
                Thread.onSpinWait();
            } else {
                next += n;
            }
        }
    }

    /** Receives the frames `from` to `to - 1`, at most `batch` at a time. */
    static void receive(Stream stream, long from, long to, int batch, Other other) {
        for (long next = from; next < to && !other.ends();) {
            int n = stream.receive(next, (int) Math.min(batch, to - next));
            if (n <= 0) {
                Thread.onSpinWait();
            } else {
                next += n;
            }
        }
    }
}
