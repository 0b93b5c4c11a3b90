// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// Which leases a [FramePool] keeps track of, so that a frame whose holder was collected unreleased is reported and
/// recovered.
public enum LeakTracking {
    /// None.
    OFF,
    /// One lease in 128, and of those at most one a millisecond in each thread: costs nothing measurable.
    SAMPLED,
    /// Every lease: about a microsecond each, and some hundred bytes of heap. For finding a leak that is known to be there.
    EVERY
}
