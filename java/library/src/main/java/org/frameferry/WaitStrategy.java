// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// What a thread does while a bridge has nothing for it.
public enum WaitStrategy {
    /// Looks again at once, without end. Least latency; a core of its own.
    SPIN,
    /// Lets other threads run, then looks again. For more threads than cores that must not sleep.
    YIELD,
    /// Looks again for about as long as a wake-up costs where there are cores to spare, then sleeps in the kernel until
    /// it is woken. A virtual thread parks, and a platform thread sleeps in its stead.
    BLOCK
}
