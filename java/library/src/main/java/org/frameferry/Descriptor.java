// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.bindings.FerryBindings.FERRY_INDEX_BITS;
import static org.frameferry.bindings.FerryBindings.FERRY_LENGTH_BITS;
import static org.frameferry.bindings.FerryBindings.FERRY_META_BYTES;
import static org.frameferry.bindings.FerryBindings.FERRY_OFFSET_BITS;

import org.frameferry.bindings.FerryBindings;

/// The 64-bit name of a frame's data: index, offset in the frame, length, a flag. The twin of `frame.h`; any thread.
final class Descriptor {
    /// The flag: the address in the metadata line is this frame's peer.
    static final long ADDRESSED = FerryBindings.FERRY_ADDRESSED();

    private static final int OFFSET_SHIFT = FERRY_INDEX_BITS();
    private static final int LENGTH_SHIFT = FERRY_INDEX_BITS() + FERRY_OFFSET_BITS();
    private static final long INDEX_MASK = (1L << FERRY_INDEX_BITS()) - 1;
    private static final long OFFSET_MASK = (1L << FERRY_OFFSET_BITS()) - 1;
    private static final long LENGTH_MASK = (1L << FERRY_LENGTH_BITS()) - 1;

    private Descriptor() {
    }

    /// An empty frame whose data begins after the headroom, with index 0.
    static long fresh(int headroom) {
        return (long) (FERRY_META_BYTES() + headroom) << OFFSET_SHIFT;
    }

    /// {@return a negative number unless it names bytes inside a frame of a pool of that geometry: of many descriptors, all
    /// of them put together by `|`}
    static long flaw(long descriptor, int frames, int stride) {
        long offset = descriptor >>> OFFSET_SHIFT & OFFSET_MASK;
        return descriptor | frames - 1 - (descriptor & INDEX_MASK) | offset - FERRY_META_BYTES()
                | stride - offset - (descriptor >>> LENGTH_SHIFT & LENGTH_MASK);
    }

    /// The same window in another frame.
    static long withIndex(long descriptor, int index) {
        return descriptor & ~INDEX_MASK | index;
    }

    static int index(long descriptor) {
        return (int) (descriptor & INDEX_MASK);
    }

    static int offset(long descriptor) {
        return (int) (descriptor >>> OFFSET_SHIFT & OFFSET_MASK);
    }

    static int length(long descriptor) {
        return (int) (descriptor >>> LENGTH_SHIFT & LENGTH_MASK);
    }

    static boolean addressed(long descriptor) {
        return (descriptor & ADDRESSED) != 0;
    }

    /// Moves the start by `n` bytes, up if positive; the end stays.
    static long moveStart(long descriptor, int n) {
        return descriptor + ((long) n << OFFSET_SHIFT) - ((long) n << LENGTH_SHIFT);
    }

    /// Moves the end by `n` bytes, up if positive.
    static long moveEnd(long descriptor, int n) {
        return descriptor + ((long) n << LENGTH_SHIFT);
    }
}
