// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import com.sun.jna.Native;

/**
 * JNA at its best: direct mapping, with numbers alone for arguments. Its interfaces and pointers cost several times as
 * much. Static functions; any thread.
 */
final class Jna {
    static {
        Native.register(Jna.class, CrossingLibrary.file().toString());
    }

    private Jna() {}

    static native void crossing_empty();

    static native long crossing_enqueue(long ring, long descriptors, int n);

    static native long crossing_enqueue_written(long ring, long descriptors, int n);
}
