// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// A lease that was collected unreleased. Its frames are back in the pool already.
///
/// @param pool the pool's name
/// @param frames how many frames it held: 1, or those of a batch
/// @param place where it was leased: a stack trace, whose message names the thread; of a batch, where that was made
public record FrameLeak(String pool, int frames, Throwable place) {
}
