// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The streams on which we receive, told apart by the sender's address. Test thread only; {@link #accept} is called for
 * every datagram and allocates nothing. The search begins at the last stream found: one that sends in runs is found at
 * the first try, and those that take turns at the second.
 */
final class StreamTable implements DataPath.Sink {
    private final StreamMeter[] meters;
    private int last;
    private long strays;

    StreamTable(List<StreamMeter> meters) {
        this.meters = meters.toArray(StreamMeter[]::new);
    }

    @Override
    public void accept(MemorySegment memory, long addressOffset, long offset, int length, long arrivalNanos) {
        int i = last;
        for (int tries = meters.length; tries > 0; tries--) {
            StreamMeter meter = meters[i];
            if (meter.peer().matches(memory, addressOffset)) {
                last = i;
                meter.record(memory, offset, length, arrivalNanos);
                return;
            }
            i = i + 1 == meters.length ? 0 : i + 1;
        }
        strays++;
    }

    /** Ends the omitted start of every stream. */
    void endOmitted() {
        for (StreamMeter meter : meters) {
            meter.endOmitted();
        }
    }

    /** Datagrams that were none of the test: from strangers, or too short. */
    long foreign() {
        long sum = strays;
        for (StreamMeter meter : meters) {
            sum += meter.malformed();
        }
        return sum;
    }

    long datagrams() {
        long sum = 0;
        for (StreamMeter meter : meters) {
            sum += meter.datagrams();
        }
        return sum;
    }

    long bytes() {
        long sum = 0;
        for (StreamMeter meter : meters) {
            sum += meter.bytes();
        }
        return sum;
    }

    /** Losses without the omitted start. */
    long lost() {
        long sum = 0;
        for (StreamMeter meter : meters) {
            sum += meter.errors() - meter.omittedErrors();
        }
        return sum;
    }
}
