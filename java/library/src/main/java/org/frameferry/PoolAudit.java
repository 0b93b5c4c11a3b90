// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// Where every frame of a pool is: `frames = free + cached + queued + device + leased`.
///
/// Exact when nothing moves; while frames move, a frame on its way may be counted as leased.
///
/// @param frames all frames of the pool
/// @param free in the depot, for anybody
/// @param cached in the magazines of threads and of pollers that are awake
/// @param queued in the rx or tx ring of a bridge
/// @param device handed to a device that has not completed them
/// @param leased in batches, and singly
/// @param duplicated frames seen in two places; 0 unless native code gave one back twice
/// @param corrupt words of the slab that cannot be; 0 unless something wrote where it must not
public record PoolAudit(long frames, long free, long cached, long queued, long device, long leased, long duplicated,
        long corrupt) {
    /// {@return the sum of both, for several pools}
    ///
    /// @param other of another pool
    public PoolAudit plus(PoolAudit other) {
        return new PoolAudit(frames + other.frames, free + other.free, cached + other.cached, queued + other.queued,
                device + other.device, leased + other.leased, duplicated + other.duplicated, corrupt + other.corrupt);
    }

    /// {@return whether no frame is in two places and nothing is corrupt}
    public boolean sound() {
        return duplicated == 0 && corrupt == 0;
    }
}
