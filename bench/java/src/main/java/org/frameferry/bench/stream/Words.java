// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** One word that one thread writes and another waits for: the least that a stream can be, and so the floor. */
final class Words extends Stream {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final long LINES = 128;

    private final MemorySegment word = Arena.ofAuto().allocate(LINES, LINES);

    @Override
    int send(long next, int n) {
        LONG.setRelease(word, 0L, next + 1);
        return 1;
    }

    @Override
    int receive(long next, int n) {
        return (long) LONG.getAcquire(word, 0L) == next + 1 ? 1 : 0;
    }
}
