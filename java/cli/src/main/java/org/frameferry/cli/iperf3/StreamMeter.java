// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.frameferry.Peer;

/**
 * What one stream's datagrams say: loss and order from their numbers, jitter from their times. Counts as iperf3 does:
 * a jump ahead is a loss of what lies between, a step back is out of order and takes one loss back. Test thread only;
 * {@link #record} is called for every datagram and allocates nothing.
 */
final class StreamMeter {
    /** iperf3's header, big-endian and unaligned: seconds, microseconds, number (32 or 64 bits). */
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final int MICROS_OFFSET = 4;
    static final int NUMBER_OFFSET = 8;
    private static final int HEADER_32 = 12;
    private static final int HEADER_64 = 16;
    private static final long UNSIGNED = 0xFFFF_FFFFL;
    /** The jitter is kept times 16, so that the shift of RFC 3550 A.8 loses nothing. */
    private static final int JITTER_SHIFT = 4;

    private final int id;
    private final Peer peer;
    private final boolean counters64;
    private final int header;

    private long highest;
    private long errors;
    private long outOfOrder;
    private long datagrams;
    private long bytes;
    private long malformed;
    private long previousTransit;
    private long scaledJitter;
    private boolean first = true;

    private long omittedHighest;
    private long omittedErrors;
    private long omittedOutOfOrder;

    StreamMeter(int id, Peer peer, boolean counters64) {
        this.id = id;
        this.peer = peer;
        this.counters64 = counters64;
        header = counters64 ? HEADER_64 : HEADER_32;
    }

    /** Counts one datagram. */
    void record(MemorySegment memory, long offset, int length, long arrivalNanos) {
        if (length < header) {
            malformed++;
            return;
        }
        datagrams++;
        bytes += length;
        count(counters64 ? memory.get(LONG, offset + NUMBER_OFFSET)
                : extend(memory.get(INT, offset + NUMBER_OFFSET)));
        long sent = (memory.get(INT, offset) & UNSIGNED) * 1_000_000_000L
                + (memory.get(INT, offset + MICROS_OFFSET) & UNSIGNED) * 1_000L;
        time(arrivalNanos - sent);
    }

    /** A 32-bit number wraps after an hour at a million a second: the nearest to the highest so far is meant. */
    private long extend(int number) {
        return highest + (number - (int) highest);
    }

    private void count(long number) {
        if (number > highest) {
            errors += number - 1 - highest;
            highest = number;
        } else {
            outOfOrder++;
            if (errors > 0) {
                errors--;
            }
        }
    }

    private void time(long transit) {
        if (first) {
            first = false;
        } else {
            scaledJitter += Math.abs(transit - previousTransit)
                    - ((scaledJitter + (1L << JITTER_SHIFT - 1)) >> JITTER_SHIFT);
        }
        previousTransit = transit;
    }

    /** Ends the omitted start: what was counted so far is left out of the result. */
    void endOmitted() {
        omittedHighest = highest;
        omittedErrors = errors;
        omittedOutOfOrder = outOfOrder;
        datagrams = 0;
        bytes = 0;
        scaledJitter = 0;
        first = true;
    }

    int id() {
        return id;
    }

    Peer peer() {
        return peer;
    }

    /** The highest number seen: what iperf3 calls packets. */
    long packets() {
        return highest;
    }

    long omittedPackets() {
        return omittedHighest;
    }

    /** Losses, those in the omitted start included. */
    long errors() {
        return errors;
    }

    long omittedErrors() {
        return omittedErrors;
    }

    /** Late or doubled datagrams, without the omitted start. */
    long outOfOrder() {
        return outOfOrder - omittedOutOfOrder;
    }

    /** Datagrams received, without the omitted start. */
    long datagrams() {
        return datagrams;
    }

    /** Bytes received, without the omitted start. */
    long bytes() {
        return bytes;
    }

    /** Datagrams too short for a header; not counted anywhere else. */
    long malformed() {
        return malformed;
    }

    double jitterSeconds() {
        return (double) scaledJitter / (1L << JITTER_SHIFT) / 1e9;
    }
}
