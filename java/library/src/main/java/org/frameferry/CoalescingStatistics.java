// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// Counters of a [CoalescingSender] since it was made: `submitted = sent + cancelled + unsent + pending`.
///
/// @param submitted frames taken over
/// @param sent frames that the bridge has taken
/// @param cancelled frames taken back by [CoalescingSender#cancel(long)]
/// @param unsent frames given back to the pool because the bridge took no more
/// @param pending frames that wait now
/// @param crossings calls in which the bridge took frames
/// @param full calls because a batch was full
/// @param lingered calls because the linger had passed
/// @param flushed calls because somebody asked, or closed
public record CoalescingStatistics(long submitted, long sent, long cancelled, long unsent, int pending, long crossings,
        long full, long lingered, long flushed) {
}
