// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

/**
 * What has gone through a data path since it was opened. Immutable; any thread.
 *
 * @param datagrams received and handed to a sink
 * @param crossings calls into native code that were made to receive them, waits included
 * @param dropped lost on this side of the network: by the kernel's queue, too long, or for want of a frame or of room
 * @param sent taken by the device to be sent
 */
public record PathStatistics(long datagrams, long crossings, long dropped, long sent) {
    /** Nothing yet. */
    public static final PathStatistics NONE = new PathStatistics(0, 0, 0, 0);

    /** {@return received datagrams for each call into native code, 0 without a call} */
    public double framesPerCrossing() {
        return crossings == 0 ? 0 : (double) datagrams / crossings;
    }

    /**
     * {@return what has gone through since an earlier reading}
     *
     * @param earlier the reading
     */
    public PathStatistics since(PathStatistics earlier) {
        return new PathStatistics(datagrams - earlier.datagrams, crossings - earlier.crossings,
                dropped - earlier.dropped, sent - earlier.sent);
    }
}
