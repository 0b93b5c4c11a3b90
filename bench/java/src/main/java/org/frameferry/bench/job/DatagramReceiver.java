// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.io.IOException;

/** A socket that is open on the loopback address, and a way to read it. Opened and run by one thread. */
interface DatagramReceiver {
    /** Bytes that each contestant has room for in a datagram: whatever comes over Ethernet fits. */
    int ROOM = 2048;
    /** Datagrams that a contestant takes at once, if it can. */
    int BATCH = 64;

    /** {@return where to send to} */
    int port();

    /** Shows each datagram to the tally, for ever; in the calling thread or in one of its own, named as that one. */
    void run() throws IOException;
}
