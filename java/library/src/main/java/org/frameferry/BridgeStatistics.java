// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.frameferry.bindings.FerryBindings;
import org.frameferry.bindings.ferry_statistics;

/// Counters of one bridge since it opened. Each is exact, but they are read one after the other.
///
/// @param rxFrames frames put into the rx ring
/// @param rxBytes bytes of data in them
/// @param rxDroppedNoFrame arrivals dropped because the pool was empty and the source could not wait
/// @param rxDroppedRingFull arrivals dropped because the rx ring was full and the source could not wait
/// @param rxDroppedOversize arrivals dropped because they were longer than a frame
/// @param rxDroppedDevice arrivals dropped by the device or its kernel queue, before anybody here saw them
/// @param rxErrors reads that failed for a passing reason, such as an ICMP error for an earlier datagram
/// @param txFrames frames that the device took
/// @param txBytes bytes of data in them
/// @param txDropped frames that the device refused, or that were queued when the bridge closed
/// @param rounds rounds of the poller
/// @param fullRounds rounds that used the whole budget
/// @param emptyRounds rounds that moved nothing
/// @param armed times the poller armed the device's interrupt
/// @param slept times it then went to sleep, the second look having found nothing
/// @param starved times it slept because the pool was empty
/// @param blocked times it slept because the rx ring was full
/// @param interrupts sleeps that an event of the device ended
/// @param armedTime time asleep with the receive interrupt armed
/// @param restedTime time asleep with it disarmed: starved, blocked, or letting arrivals gather
/// @param pollingTime time since the bridge opened, but for the time asleep; of an inline bridge with what its thread does
///        besides
/// @param receiveBuffer bytes of receive buffer that the kernel granted, in the terms in which they were asked for
/// @param rxQueued frames in the rx ring now
/// @param txQueued frames in the tx ring now
/// @param receiveCalls foreign calls that the receive end made, waits included: `rxFrames / receiveCalls` is frames per
///        crossing
/// @param sendCalls foreign calls that the send end made, waits and wake-ups included
public record BridgeStatistics(long rxFrames, long rxBytes, long rxDroppedNoFrame, long rxDroppedRingFull,
        long rxDroppedOversize, long rxDroppedDevice, long rxErrors, long txFrames, long txBytes, long txDropped,
        long rounds, long fullRounds, long emptyRounds, long armed, long slept, long starved, long blocked,
        long interrupts, Duration armedTime, Duration restedTime, Duration pollingTime, long receiveBuffer,
        long rxQueued, long txQueued, long receiveCalls, long sendCalls) {

    static BridgeStatistics read(MemorySegment s, long receiveCalls, long sendCalls) {
        return new BridgeStatistics(at(s, FerryBindings.FERRY_RX_FRAMES()), at(s, FerryBindings.FERRY_RX_BYTES()),
                at(s, FerryBindings.FERRY_RX_NO_FRAME()), at(s, FerryBindings.FERRY_RX_RING_FULL()),
                at(s, FerryBindings.FERRY_RX_OVERSIZE()), at(s, FerryBindings.FERRY_RX_DEVICE()),
                at(s, FerryBindings.FERRY_RX_ERRORS()), at(s, FerryBindings.FERRY_TX_FRAMES()),
                at(s, FerryBindings.FERRY_TX_BYTES()), at(s, FerryBindings.FERRY_TX_DROPPED()),
                at(s, FerryBindings.FERRY_ROUNDS()), at(s, FerryBindings.FERRY_ROUNDS_FULL()),
                at(s, FerryBindings.FERRY_ROUNDS_EMPTY()), at(s, FerryBindings.FERRY_ARMED()),
                at(s, FerryBindings.FERRY_SLEPT()), at(s, FerryBindings.FERRY_STARVED()),
                at(s, FerryBindings.FERRY_BLOCKED()), at(s, FerryBindings.FERRY_INTERRUPTS()),
                Duration.ofNanos(at(s, FerryBindings.FERRY_ARMED_NS())),
                Duration.ofNanos(at(s, FerryBindings.FERRY_RESTED_NS())),
                Duration.ofNanos(ferry_statistics.polling_ns(s)), ferry_statistics.receive_buffer(s),
                ferry_statistics.rx_queued(s), ferry_statistics.tx_queued(s), receiveCalls, sendCalls);
    }

    private static long at(MemorySegment statistics, int counter) {
        return statistics.get(ValueLayout.JAVA_LONG, ferry_statistics.counters$offset() + (long) counter * Long.BYTES);
    }
}
