// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// A device written in Java: for sources and sinks that are Java already, and for tests.
///
/// Its bridge has mode [Bridge.Mode#INLINE]: the thread that receives and sends calls the device, one call a batch,
/// and no native code ever does. Frames are filled where they lie; nothing is copied. There are no rings to cross, so
/// [Bridge.Builder#crossing(Bridge.Crossing)] makes no difference.
///
/// ```java
/// JavaDevice ticks = frames -> {
///     frames.get(0).put(8);
///     return 1;
/// };
/// Bridge bridge = Bridge.builder(pool, ticks).mode(Bridge.Mode.INLINE).open();
/// ```
///
/// A method must not wait, and must not receive or send over its own bridge. An exception that one throws ends the
/// bridge: both ends get a [FerryException] with it as its cause, until the bridge is closed. So does a number that
/// cannot be. An [Error] passes through to who receives or sends, and the bridge goes on. Frames that the device was
/// shown and did not use go back where they came from, whatever it ends with.
///
/// One device serves one bridge at a time, unless it says that it can do more.
public non-sealed interface JavaDevice extends Device {
    /// A bridge over this device opens, in this thread. If this throws, it does not, and nothing else is called.
    ///
    /// @param wake ends the wait of a thread that receives or sends with patience: to be run by any thread, whenever
    ///        something has come, or there is room again. When nobody waits, it ends the next wait
    /// @throws Exception if there is nothing to open
    default void open(Runnable wake) throws Exception {
    }

    /// Writes arrivals into frames, in order, from the first one on.
    ///
    /// @param frames empty ones, at least one: as many as the receiver has room for and the pool has. The bridge's
    ///        own batch; good during this call
    /// @return how many of them it used, 0 when nothing has come
    /// @throws Exception if nothing can come any more
    int fill(FrameBatch frames) throws Exception;

    /// Takes frames to send, in order. It may [FrameBatch#detach(int)] some: these are its own, to be released. The
    /// first of the others it has done with when it returns, as many as it says; the rest stay with the sender.
    ///
    /// @param frames at least one. The bridge's own batch; good during this call
    /// @return how many of those that are still in the batch it has done with; by default 0: it is a source only
    /// @throws Exception if nothing can be sent any more
    default int transmit(FrameBatch frames) throws Exception {
        return 0;
    }

    /// The bridge is closed; nothing else is called any more. By the thread that closes it, or, if one is inside the
    /// device then, by that one. What this throws is logged.
    default void close() {
    }
}
