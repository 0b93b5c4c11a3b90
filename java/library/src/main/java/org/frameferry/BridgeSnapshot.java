// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.util.concurrent.TimeUnit;

/// One bridge as management tools see it: its [BridgeStatistics], durations in nanoseconds, and who sleeps now. Immutable;
/// any thread.
///
/// What happened in a while is the difference of two snapshots: `rxFrames / receiveCalls` of it is the mean batch, and the
/// rounds, those with the whole budget and those that moved nothing tell how bursts are distributed.
///
/// @param number the bridge's place in the pool, which another one may have later
/// @param name number and device
/// @param mode who drives the device
/// @param crossing how descriptors cross
/// @param poller what the driver is doing
/// @param receiverSleeps whether a thread sleeps in native code until frames come
/// @param senderSleeps whether a thread sleeps in native code until there is room to send
/// @param ringCapacity descriptors that each ring holds
/// @param rxQueued [BridgeStatistics#rxQueued()]
/// @param txQueued [BridgeStatistics#txQueued()]
/// @param rxFrames [BridgeStatistics#rxFrames()]
/// @param rxBytes [BridgeStatistics#rxBytes()]
/// @param rxDroppedNoFrame [BridgeStatistics#rxDroppedNoFrame()]
/// @param rxDroppedRingFull [BridgeStatistics#rxDroppedRingFull()]
/// @param rxDroppedOversize [BridgeStatistics#rxDroppedOversize()]
/// @param rxDroppedDevice [BridgeStatistics#rxDroppedDevice()]
/// @param rxErrors [BridgeStatistics#rxErrors()]
/// @param txFrames [BridgeStatistics#txFrames()]
/// @param txBytes [BridgeStatistics#txBytes()]
/// @param txDropped [BridgeStatistics#txDropped()]
/// @param receiveCalls [BridgeStatistics#receiveCalls()]
/// @param sendCalls [BridgeStatistics#sendCalls()]
/// @param rounds [BridgeStatistics#rounds()]
/// @param fullRounds [BridgeStatistics#fullRounds()]
/// @param emptyRounds [BridgeStatistics#emptyRounds()]
/// @param armed [BridgeStatistics#armed()]
/// @param slept [BridgeStatistics#slept()]
/// @param starved [BridgeStatistics#starved()]
/// @param blocked [BridgeStatistics#blocked()]
/// @param interrupts [BridgeStatistics#interrupts()]
/// @param armedNanos [BridgeStatistics#armedTime()]
/// @param restedNanos [BridgeStatistics#restedTime()]
/// @param pollingNanos [BridgeStatistics#pollingTime()]
/// @param receiveBuffer [BridgeStatistics#receiveBuffer()]
public record BridgeSnapshot(int number, String name, Bridge.Mode mode, Bridge.Crossing crossing, PollerState poller,
        boolean receiverSleeps, boolean senderSleeps, int ringCapacity, long rxQueued, long txQueued, long rxFrames,
        long rxBytes, long rxDroppedNoFrame, long rxDroppedRingFull, long rxDroppedOversize, long rxDroppedDevice,
        long rxErrors, long txFrames, long txBytes, long txDropped, long receiveCalls, long sendCalls, long rounds,
        long fullRounds, long emptyRounds, long armed, long slept, long starved, long blocked, long interrupts,
        long armedNanos, long restedNanos, long pollingNanos, long receiveBuffer) {

    static BridgeSnapshot of(Bridge bridge, int number, int ringCapacity, Flags flags) {
        BridgeStatistics s = bridge.statistics();
        return new BridgeSnapshot(number, bridge.toString(), bridge.mode(), bridge.crossing(),
                bridge.isClosed() ? PollerState.ENDED : flags.poller(), flags.receiverSleeps(), flags.senderSleeps(),
                ringCapacity, s.rxQueued(), s.txQueued(), s.rxFrames(), s.rxBytes(), s.rxDroppedNoFrame(),
                s.rxDroppedRingFull(), s.rxDroppedOversize(), s.rxDroppedDevice(), s.rxErrors(), s.txFrames(),
                s.txBytes(), s.txDropped(), s.receiveCalls(), s.sendCalls(), s.rounds(), s.fullRounds(),
                s.emptyRounds(), s.armed(), s.slept(), s.starved(), s.blocked(), s.interrupts(),
                TimeUnit.NANOSECONDS.convert(s.armedTime()), TimeUnit.NANOSECONDS.convert(s.restedTime()),
                TimeUnit.NANOSECONDS.convert(s.pollingTime()), s.receiveBuffer());
    }
}
