// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.top;

import java.util.function.ToLongFunction;

/**
 * Figures at two moments.
 *
 * @param before null: it was not there, and what it counts was 0
 * @param now what it is
 * @param seconds how long that took
 */
record Change<T>(T before, T now, double seconds) {
    /** {@return by how much a counter has grown} */
    long of(ToLongFunction<T> counter) {
        return counter.applyAsLong(now) - (before == null ? 0 : counter.applyAsLong(before));
    }

    /** {@return by how much it has grown a second} */
    double rate(ToLongFunction<T> counter) {
        return of(counter) / seconds;
    }
}
