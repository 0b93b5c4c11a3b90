// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a frame carries: word `i` of frame `f` is `f + i`. Written once and read once, whole words, as `side.c` does.
 * Static functions; any thread.
 */
final class Payload {
    /** Of a frame that is its number and no more. */
    static final int NONE = Long.BYTES;

    private Payload() {}

    static void write(MemorySegment memory, long offset, int words, long number) {
        for (int i = 0; i < words; i++) {
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset + i * 8L, number + i);
        }
    }

    /** {@return whether the words are those of frame `number`} */
    static boolean read(MemorySegment memory, long offset, int words, long number) {
        long sum = 0;
        for (int i = 0; i < words; i++) {
            sum += memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + i * 8L);
        }
        return memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset) == number
                && sum == words * number + words * (words - 1L) / 2;
    }
}
