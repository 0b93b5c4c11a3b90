// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.frameferry.bindings.ferry_nic_statistics;

/// What a simulated card has seen since it was opened: `arrived = received + dropped + stalled + queued`.
///
/// @param arrived frames that came over the line
/// @param arrivedBytes bytes in them
/// @param coming frames still to come; -1: without end
/// @param received frames that the driver took out of the FIFO
/// @param dropped frames that the FIFO had no room for
/// @param stalled frames that it had no room for when the system had kept the driver off its processor; real time only
/// @param queued frames in the FIFO, as of the driver's last look
/// @param transmitted frames that have left
/// @param transmitting frames on their way out
/// @param interrupts interrupts that the driver took
/// @param looks times that the driver asked for frames
/// @param stalls times that the system kept the driver off its processor so long that frames were lost
/// @param longestStall the longest of them
/// @param now since the card was opened, by its own clock, as of the driver's last look
/// @param idle how much of that the driver slept
public record NicStatistics(long arrived, long arrivedBytes, long coming, long received, long dropped, long stalled,
        long queued, long transmitted, long transmitting, long interrupts, long looks, long stalls,
        Duration longestStall, Duration now, Duration idle) {
    static NicStatistics read(MemorySegment s) {
        return new NicStatistics(ferry_nic_statistics.arrived(s), ferry_nic_statistics.arrived_bytes(s),
                ferry_nic_statistics.coming(s), ferry_nic_statistics.received(s), ferry_nic_statistics.dropped(s),
                ferry_nic_statistics.stalled(s), ferry_nic_statistics.queued(s), ferry_nic_statistics.transmitted(s),
                ferry_nic_statistics.transmitting(s), ferry_nic_statistics.interrupts(s),
                ferry_nic_statistics.looks(s), ferry_nic_statistics.stalls(s),
                Duration.ofNanos(ferry_nic_statistics.longest_stall(s)), Duration.ofNanos(ferry_nic_statistics.now(s)),
                Duration.ofNanos(ferry_nic_statistics.idle(s)));
    }

    /// {@return the share of its time that the driver was not asleep, 0 to 1}
    public double busy() {
        return now.isZero() ? 0 : 1 - (double) idle.toNanos() / now.toNanos();
    }

    /// {@return the share of what arrived that was lost while the driver had its processor, 0 to 1}
    public double loss() {
        return arrived == 0 ? 0 : (double) dropped / arrived;
    }
}
