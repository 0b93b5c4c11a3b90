// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * The JDK's own way, at its best: constant handles, and addresses as numbers, which need no look at a segment's arena.
 * Only memory of the heap must be a segment. Static functions; any thread.
 */
final class Ffm {
    private static final FunctionDescriptor NOTHING = FunctionDescriptor.ofVoid();
    private static final FunctionDescriptor NUMBERS =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final FunctionDescriptor SEGMENT = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT);
    private static final Linker.Option CRITICAL = Linker.Option.critical(false);
    private static final Linker.Option HEAP = Linker.Option.critical(true);
    private static final String ENQUEUE_NAME = "crossing_enqueue";
    private static final String WRITTEN_NAME = "crossing_enqueue_written";

    static final MethodHandle EMPTY = CrossingLibrary.handle("crossing_empty", NOTHING);
    static final MethodHandle EMPTY_CRITICAL = CrossingLibrary.handle("crossing_empty", NOTHING, CRITICAL);
    static final MethodHandle ENQUEUE = CrossingLibrary.handle(ENQUEUE_NAME, NUMBERS);
    static final MethodHandle ENQUEUE_CRITICAL = CrossingLibrary.handle(ENQUEUE_NAME, NUMBERS, CRITICAL);
    static final MethodHandle ENQUEUE_HEAP = CrossingLibrary.handle(ENQUEUE_NAME, SEGMENT, HEAP);
    static final MethodHandle WRITTEN = CrossingLibrary.handle(WRITTEN_NAME, NUMBERS);
    static final MethodHandle WRITTEN_CRITICAL = CrossingLibrary.handle(WRITTEN_NAME, NUMBERS, CRITICAL);
    static final MethodHandle WRITTEN_HEAP = CrossingLibrary.handle(WRITTEN_NAME, SEGMENT, HEAP);

    private Ffm() {}
}
