// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.time.Duration;

/**
 * How long a client may keep us waiting. Immutable; any thread.
 *
 * @param greeting for the cookie and the parameters together
 * @param handshake for all streams to say who they are
 * @param silence without a datagram while we receive
 * @param overtime beyond the test's own duration
 * @param results for the client's results, and for its good-bye
 * @param busy for a running test to make way, before a client is told that we are busy
 */
record Limits(Duration greeting, Duration handshake, Duration silence, Duration overtime, Duration results,
        Duration busy) {
    static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(120),
            Duration.ofSeconds(40), Duration.ofSeconds(10), Duration.ofMillis(500));

    /** When a wait that begins now is over, in System.nanoTime's terms. */
    static long deadline(Duration limit) {
        return System.nanoTime() + limit.toNanos();
    }
}
