// SPDX-License-Identifier: Apache-2.0

/**
 * The `ferry` command: an iperf3-compatible UDP server, the packet-loss demo, the soak, a look into running
 * processes, and the doctor. It exports nothing.
 */
module org.frameferry.cli {
    requires org.frameferry;
    requires info.picocli;
    requires com.fasterxml.jackson.databind;
    requires java.management.rmi; // brings java.management, and is what a local connection speaks
    requires jdk.attach;
    requires jdk.management;
    requires jdk.net;

    opens org.frameferry.cli to info.picocli;
}
