// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

/** The two loops of every stream in Java. Static functions; each in the thread of its end. */
final class Flow {
    private Flow() {}

    /** The other end, in a thread of its own on the second processor. One thread orders. */
    interface Other extends AutoCloseable {
        /** Has it move the next `count` frames; returns at once. The last order must be done. */
        void begin(long count);

        /**
         * Waits until that is done.
         *
         * @throws RuntimeException that ended it
         */
        void await();

        /** {@return whether it has ended, so that it is in vain to go on} */
        boolean ends();

        @Override
        void close();
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
