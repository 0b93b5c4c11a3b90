// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.util.List;

/**
 * What one test came to, the omitted start left out. Immutable; any thread.
 *
 * @param client the address of the control connection
 * @param blockSize bytes in a datagram, as the client set it
 * @param seconds measured, from the start (or the end of the omitted start) to the end
 * @param streams in the order in which the client opened them
 * @param path what went through the data path, the omitted start included
 * @param receiveBuffer bytes that the kernel granted
 * @param cpu what this process used from start to end, all its threads and the omitted start included
 * @param error why the test broke off, or null: it was completed
 */
public record Iperf3Result(String client, int blockSize, double seconds, List<Stream> streams, PathStatistics path,
        long receiveBuffer, CpuTime cpu, String error) {

    /**
     * One stream, or the sum of those that run the same way.
     *
     * @param id iperf3's number of the stream; 0 for a sum
     * @param serverSends true: from server to client
     * @param sent datagrams that the sender counted; what the receiver could tell, if the sender's count never came
     * @param received datagrams; from the client's count when the server sends
     * @param lost as iperf3 counts it: gaps in the numbering, less what came late
     * @param outOfOrder late or doubled ones; 0 when the server sends, for the client does not tell
     * @param bytes received; sent when the server sends
     * @param jitterSeconds RFC 3550's interarrival jitter; the mean of the streams for a sum
     */
    public record Stream(int id, boolean serverSends, long sent, long received, long lost, long outOfOrder, long bytes,
            double jitterSeconds) {
        /**
         * {@return the loss in percent, 0 when nothing was sent} What we received is held against what the client says
         * it sent, so that a loss of the last ones shows too. What the client received it can only hold against the
         * numbers it saw, for the server sends on until it hears that the test is over.
         */
        public double lossPercent() {
            long missing = serverSends ? lost : Math.max(0, sent - received);
            long all = serverSends ? received + lost : sent;
            return all == 0 ? 0 : 100.0 * missing / all;
        }
    }

    /** {@return true if the client took its results} */
    public boolean completed() {
        return error == null;
    }

    /**
     * {@return the sum of the streams that run one way}
     *
     * @param serverSends true: from server to client
     */
    public Stream total(boolean serverSends) {
        long sent = 0, received = 0, lost = 0, outOfOrder = 0, bytes = 0;
        double jitter = 0;
        int n = 0;
        for (Stream s : streams) {
            if (s.serverSends() == serverSends) {
                sent += s.sent();
                received += s.received();
                lost += s.lost();
                outOfOrder += s.outOfOrder();
                bytes += s.bytes();
                jitter += s.jitterSeconds();
                n++;
            }
        }
        return new Stream(0, serverSends, sent, received, lost, outOfOrder, bytes, n == 0 ? 0 : jitter / n);
    }

    /**
     * {@return megabits per second of UDP payload of the streams that run one way}
     *
     * @param serverSends true: from server to client
     */
    public double mbitPerSecond(boolean serverSends) {
        return seconds <= 0 ? 0 : total(serverSends).bytes() * 8 / seconds / 1e6;
    }
}
