// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.net.InetSocketAddress;

/** Opens a data path for one test. Called by the thread that runs the test. */
public interface DataPathFactory {
    /**
     * {@return an open data path, to be closed by the caller}
     *
     * @param bind the local address
     * @param blockSize the longest datagram of the test, in bytes
     * @throws org.frameferry.FerryException when the socket cannot be had
     */
    DataPath open(InetSocketAddress bind, int blockSize);

    /** {@return a few words for the log: "frameferry inline, batched, 64 a batch"} */
    String name();
}
