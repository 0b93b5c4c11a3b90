// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.types.int64_t;

/**
 * JNR-FFI at its best: numbers alone for arguments, for which it assembles a stub, and no look at errno after the call.
 * Any thread.
 */
public interface Jnr {
    Jnr LIBRARY = LibraryLoader.create(Jnr.class).load(CrossingLibrary.file().toString());

    @IgnoreError
    void crossing_empty();

    @IgnoreError
    @int64_t
    long crossing_enqueue(@int64_t long ring, @int64_t long descriptors, int n);

    @IgnoreError
    @int64_t
    long crossing_enqueue_written(@int64_t long ring, @int64_t long descriptors, int n);
}
