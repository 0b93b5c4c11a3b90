// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.frameferry.Peer;

/**
 * The datagram side of an iperf3 test: where its datagrams come from and go to. The control connection is not its
 * business, so that one server measures different ways of receiving. Every method is called by the thread that opened
 * it, the one that runs the test.
 */
public interface DataPath extends AutoCloseable {
    /** Takes one datagram; the memory is valid during the call only. */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes one datagram.
         *
         * @param memory where the datagram and its sender's address lie
         * @param addressOffset of the sender's 32-byte address image, as {@link Peer#matches} reads it
         * @param offset of the datagram's first byte
         * @param length of the datagram, in bytes
         * @param arrivalNanos when it came in, in nanoseconds of a clock that runs evenly; only differences count
         */
        void accept(MemorySegment memory, long addressOffset, long offset, int length, long arrivalNanos);
    }

    /** Writes one datagram in place. */
    @FunctionalInterface
    interface Writer {
        /**
         * Writes one datagram.
         *
         * @param memory to write to
         * @param offset of the datagram's first byte; its length was given to {@link DataPath#send}
         */
        void write(MemorySegment memory, long offset);
    }

    /** {@return the address that the socket is bound to} */
    InetSocketAddress localAddress();

    /**
     * Hands what has come in to the sink, a batch at most.
     *
     * @param sink called for each datagram, in order
     * @param patience how long to wait for the first datagram; zero: not at all
     * @return how many datagrams were handed over, 0 when none came in time
     */
    int receive(Sink sink, Duration patience);

    /**
     * Sends n datagrams of one length to one peer; the writer is called once for each, in order. Fewer are taken when
     * there is no room in time: then the last calls of the writer were for nothing, and its numbering must go back.
     *
     * @param peer to send to
     * @param length of each datagram, in bytes
     * @param n how many, 1 or more
     * @param writer writes each of them
     * @param patience how long to wait for room
     * @return how many of n were taken
     */
    int send(Peer peer, int length, int n, Writer writer, Duration patience);

    /** {@return bytes of receive buffer that the kernel granted} */
    long receiveBuffer();

    /** {@return what has gone through since it was opened} */
    PathStatistics statistics();

    @Override
    void close();
}
