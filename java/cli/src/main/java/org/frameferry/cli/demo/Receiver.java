// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

/** A contestant: what receives the stream. One thread. */
interface Receiver {
    /** {@return its name in the table} */
    String name();

    /** {@return how it receives, in a few words} */
    String about();

    /**
     * Runs one test against it.
     *
     * @param second called each second
     * @throws DemoFailure if it cannot be measured
     */
    Run measure(Sender sender, int seconds, Runnable second);
}
