// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

/** What sends the stream that every receiver is measured with: a process of its own. One thread. */
interface Sender {
    /**
     * What was sent.
     *
     * @param datagrams that the sender counted
     * @param seconds that it sent
     * @param received datagrams that the receiver told the sender of, -1 if there is no such talk
     */
    record Sent(long datagrams, double seconds, long received) {}

    /** {@return its name and options, as one types them} */
    String name();

    /** {@return true if it wants an iperf3 server, false if it just sends} */
    boolean speaksIperf3();

    /**
     * Sends to a port of this machine.
     *
     * @param second called each second
     */
    Sent send(int port, int seconds, Runnable second);
}
