// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

/**
 * What one receiver made of one test: a row of the table. Immutable; any thread.
 *
 * @param receiver its name: chapter18-naive, iperf3, frameferry or bare-c
 * @param sent datagrams, as the sender counted them
 * @param received datagrams, as the receiver counted them
 * @param seconds that the sender sent
 * @param cpuNanos of CPU that the receiving process used, from before the sender began until it had ended
 * @param framesPerCrossing datagrams for each call that brought them: into native code for receivers in Java, into the
 *     kernel for those in C
 * @param receiveBuffer bytes that the kernel granted
 */
record Run(String receiver, long sent, long received, double seconds, long cpuNanos, double framesPerCrossing,
        long receiveBuffer) {
    static final String CHAPTER18 = "chapter18-naive";
    static final String IPERF3 = "iperf3";
    static final String FRAMEFERRY = "frameferry";
    static final String BARE_C = "bare-c";

    /** {@return datagrams that were sent and not received} */
    long lost() {
        return Math.max(0, sent - received);
    }

    double lossPercent() {
        return sent == 0 ? 0 : 100.0 * lost() / sent;
    }

    /** {@return megabits of UDP payload received in a second} */
    double mbitPerSecond() {
        return seconds <= 0 ? 0 : received * 8.0 * Demo.DATAGRAM_BYTES / seconds / 1e6;
    }

    double cpuNsPerDatagram() {
        return received == 0 ? 0 : (double) cpuNanos / received;
    }

    /** {@return CPU used, in percent of one core} */
    double cpuPercent() {
        return seconds <= 0 ? 0 : cpuNanos / seconds / 1e7;
    }
}
