// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// Which leases a [FramePool] keeps track of, so that a frame whose holder was collected unreleased is reported and
/// recovered.
public enum LeakTracking {
    /// None.
    OFF(0),
    /// One lease in 128, and of those at most one a millisecond; fewer in a thread that leases without a pause.
    SAMPLED(128),
    /// Every lease: about a microsecond each, and a kilobyte of heap. For finding a leak that is known to be there.
    EVERY(1);

    /// One lease in so many is a sample; 0: none.
    final long sampling;

    LeakTracking(long sampling) {
        this.sampling = sampling;
    }
}
