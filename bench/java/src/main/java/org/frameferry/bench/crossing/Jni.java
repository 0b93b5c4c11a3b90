// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import java.nio.file.Path;

/**
 * JNI at its best: static methods, and addresses as numbers, so that there is no object to look into; `Heap` pins an
 * array of Java's instead, as most of what is written does. Static functions; any thread.
 */
final class Jni {
    /** Loaded first: the methods below are looked for in what the class loader has loaded. */
    private static final Path LIBRARY = CrossingLibrary.file();

    private Jni() {}

    static native void empty();

    static native long enqueue(long ring, long descriptors, int n);

    static native long enqueueWritten(long ring, long descriptors, int n);

    static native long enqueueHeap(long ring, long[] descriptors, int n);

    static native long enqueueWrittenHeap(long ring, long[] descriptors, int n);

    /** {@return the library that they are in} */
    static Path library() {
        return LIBRARY;
    }
}
