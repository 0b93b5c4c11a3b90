// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.frameferry.Frame;

/**
 * What a frame of a soak carries, in 64-bit words: the name of its stream and its number in it, a checksum of all other
 * words, and a few words more, fewer or more of them from number to number. No state; any thread.
 */
final class Payload {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int NUMBER_BITS = 48;
    private static final int NAME = 0;
    private static final int SUM = 1;
    private static final int REST = 2;
    private static final int LENGTHS = 8; // a power of two
    /** Odd, so that to multiply by it loses nothing: 2^64 over the golden ratio. */
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private Payload() {}

    /** {@return a frame that was empty, with its payload} */
    static Frame write(Frame frame, int stream, long number) {
        int words = REST + 1 + (int) (number & LENGTHS - 1);
        frame.put(words * Long.BYTES);
        MemorySegment memory = frame.memory();
        long at = frame.offset();
        long name = (long) stream << NUMBER_BITS | number;
        long sum = mix(words, name);
        for (int i = REST; i < words; i++) {
            long word = (name + i) * MIX;
            memory.set(WORD, at + (long) i * Long.BYTES, word);
            sum = mix(sum, word);
        }
        memory.set(WORD, at, name);
        memory.set(WORD, at + SUM * Long.BYTES, sum);
        return frame;
    }

    /** {@return the name of a frame, its stream and number; -1 if the frame is damaged} */
    static long read(Frame frame) {
        int words = frame.length() / Long.BYTES;
        if (words <= REST || frame.length() % Long.BYTES != 0) {
            return -1;
        }
        MemorySegment memory = frame.memory();
        long at = frame.offset();
        long name = memory.get(WORD, at + NAME);
        long sum = mix(words, name);
        for (int i = REST; i < words; i++) {
            sum = mix(sum, memory.get(WORD, at + (long) i * Long.BYTES));
        }
        return sum == memory.get(WORD, at + SUM * Long.BYTES) ? name : -1;
    }

    static int stream(long name) {
        return (int) (name >>> NUMBER_BITS);
    }

    static long number(long name) {
        return name & (1L << NUMBER_BITS) - 1;
    }

    /** Another word into a sum. Whatever changes in one word changes the sum, as no step loses anything of the last. */
    private static long mix(long sum, long word) {
        return (Long.rotateLeft(sum, 23) ^ word) * MIX;
    }
}
