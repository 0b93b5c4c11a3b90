// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// What the driver of a bridge is doing: its poller, or of an inline bridge the thread in its poll.
public enum PollerState {
    /// Not asleep: it moves frames, or looks for some. An inline bridge's thread may be anywhere.
    POLLING,
    /// Asleep until something happens, or, with moderation, for a moment.
    ASLEEP,
    /// Asleep because the rx ring is full.
    BLOCKED,
    /// Asleep because the pool is empty.
    STARVED,
    /// The device has failed, or the bridge is closed.
    ENDED,
    /// There is nothing to drive: a bridge over a [Loop], or over a [JavaDevice], which drives itself.
    NONE
}
