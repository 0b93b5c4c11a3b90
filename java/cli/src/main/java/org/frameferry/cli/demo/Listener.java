// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import org.frameferry.cli.iperf3.PathStatistics;

/** A data path at work on a thread of its own, from construction on, for one test. One thread drives it. */
interface Listener extends AutoCloseable {
    /**
     * What came in.
     *
     * @param received datagrams of the stream
     * @param path what went through the data path
     * @param receiveBuffer bytes that the kernel granted
     */
    record Counted(long received, PathStatistics path, long receiveBuffer) {}

    /** {@return where to send} */
    int port();

    /** Called when the sender has ended: takes what lies in the socket yet, ends the thread and tells. */
    Counted finish();

    @Override
    void close();
}
