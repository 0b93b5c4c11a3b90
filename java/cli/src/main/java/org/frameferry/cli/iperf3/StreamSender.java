// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.frameferry.Peer;

/**
 * One stream on which we send: paced to the bandwidth the client asked for, numbered and stamped as iperf3 does. Test
 * thread only; {@link #sendDue} allocates nothing. It does not stop at the client's -n or -k: the client counts what
 * arrives, and would wait for ever for what was lost.
 */
final class StreamSender implements DataPath.Writer {
    private static final Duration PATIENCE = Duration.ofMillis(20);
    private static final double BITS_TIMES_NANOS = 8e9;
    /** Most that one call sends: an even share of the thread for every stream. */
    private static final int MAX_BURST = 64;

    private final int id;
    private final Peer peer;
    private final int blockSize;
    private final boolean counters64;
    private final int burst;
    /** Datagrams per nanosecond, 0: as fast as we can. */
    private final double rate;
    private long number;
    private long omitted;

    StreamSender(int id, Peer peer, TestParameters parameters) {
        this.id = id;
        this.peer = peer;
        blockSize = parameters.blockSize();
        counters64 = parameters.counters64();
        burst = parameters.burst();
        rate = parameters.bandwidth() / BITS_TIMES_NANOS / blockSize;
    }

    /** Sends what is due after so many nanoseconds of the test. */
    void sendDue(DataPath path, long elapsedNanos) {
        long due = rate == 0 ? MAX_BURST : target(elapsedNanos) - number;
        if (due > 0) {
            long before = number;
            number = before + path.send(peer, blockSize, (int) Math.min(due, MAX_BURST), this, PATIENCE);
        }
    }

    /** The next burst is due once the average has fallen below the rate. */
    private long target(long elapsedNanos) {
        return ((long) (elapsedNanos * rate / burst) + 1) * burst;
    }

    @Override
    public void write(MemorySegment memory, long offset) {
        long now = System.nanoTime();
        number++;
        memory.set(StreamMeter.INT, offset, (int) (now / 1_000_000_000L));
        memory.set(StreamMeter.INT, offset + StreamMeter.MICROS_OFFSET, (int) (now % 1_000_000_000L / 1_000L));
        if (counters64) {
            memory.set(StreamMeter.LONG, offset + StreamMeter.NUMBER_OFFSET, number);
        } else {
            memory.set(StreamMeter.INT, offset + StreamMeter.NUMBER_OFFSET, (int) number);
        }
    }

    /** Ends the omitted start: what was sent so far is left out of the result. */
    void endOmitted() {
        omitted = number;
    }

    int id() {
        return id;
    }

    /** Datagrams sent, the omitted start included. */
    long packets() {
        return number;
    }

    long omittedPackets() {
        return omitted;
    }

    /** Datagrams sent, without the omitted start. */
    long sent() {
        return number - omitted;
    }

    /** Bytes sent, without the omitted start. */
    long bytes() {
        return sent() * blockSize;
    }
}
