// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// What a [FramePool] does when a frame is asked for and none is free.
public enum Overflow {
    /// There is none: `tryLease` returns null, `lease` throws.
    REFUSE,
    /// A frame is allocated outside the pool, for one use: it costs hundreds of nanoseconds, cannot cross a bridge, is
    /// counted as a miss, and is never pooled.
    ALLOCATE
}
