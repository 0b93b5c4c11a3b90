// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A word for each frame that says which lease of it is the present one, and how many hold it. Any thread.
///
/// ```
/// 63                  17    16    15            0
/// +---------------------+---------+---------------+
/// |     generation      | special | other holders |
/// +---------------------+---------+---------------+
/// ```
///
/// A lease is known by its *key*: the word as it was when the frame was leased, with the lower 17 bits zero. The end of a
/// lease moves the generation on, so an old key never fits again (47 bits: at a billion leases a second of one frame, after a
/// day and a half). `special` is set, and stays until then, when the lease is shared, tracked, or of a frame outside the
/// pool: a plain end by one compare-and-set then fails, also after the other holders have gone.
final class Generations {
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int HOLDERS = (1 << 16) - 1;
    private static final long SPECIAL = 1L << 16;
    private static final long GENERATION = 1L << 17;

    private final long[] words;

    Generations(int frames) {
        words = new long[frames];
    }

    /// For who has just taken the frame out of the pool: the key of its lease.
    long key(int index) {
        return words[index];
    }

    /// As [#key(int)], for a lease that cannot end the plain way.
    long specialKey(int index) {
        long key = words[index];
        words[index] = key | SPECIAL; // who else gets to know of this lease gets it from us
        return key;
    }

    /// Ends a lease that is not special. Of several threads that try, one succeeds.
    boolean end(int index, long key) {
        return WORD.compareAndSet(words, index, key, key + GENERATION);
    }

    /// Whether the lease is neither special nor ended.
    boolean isPlain(int index, long key) {
        return words[index] == key;
    }

    /// Whether the lease has not ended.
    boolean isHeld(int index, long key) {
        return (words[index] ^ key) >> 17 == 0;
    }

    /// Whether the lease has several holders now.
    boolean isShared(int index, long key) {
        long word = words[index];
        return (word ^ key) >> 17 == 0 && (word & HOLDERS) != 0;
    }

    /// One more holder. False when the lease has ended.
    ///
    /// @throws IllegalStateException if it has 65,536 holders
    boolean share(int index, long key) {
        while (true) {
            long word = (long) WORD.getVolatile(words, index);
            if ((word ^ key) >> 17 != 0) {
                return false;
            }
            if ((word & HOLDERS) == HOLDERS) {
                throw new IllegalStateException("a frame can be shared by " + (HOLDERS + 1) + " holders at most");
            }
            if (WORD.compareAndSet(words, index, word, (word | SPECIAL) + 1)) {
                return true;
            }
        }
    }

    /// One holder less, of a special lease; each holder must call this once only. True for the last, who ends the lease.
    boolean drop(int index) {
        while (true) {
            long word = (long) WORD.getVolatile(words, index);
            boolean last = (word & HOLDERS) == 0;
            long next = last ? (word & -GENERATION) + GENERATION : word - 1;
            if (WORD.compareAndSet(words, index, word, next)) {
                return last;
            }
        }
    }
}
