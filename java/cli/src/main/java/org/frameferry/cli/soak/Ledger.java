// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

/**
 * Keeps account of the numbers that come from a stream: each should come once, and after the one before it. One thread.
 */
final class Ledger {
    /** Numbers of which it knows whether they came. One that comes later than that is taken for a duplicate. */
    static final int WINDOW = 1 << 16;

    private final long[] seen = new long[WINDOW / Long.SIZE];
    private long next; // after the highest that came
    private long came;
    private long duplicated;
    private long reordered;
    private long corrupted;

    /** A number has come. */
    void accept(long number) {
        if (number == next) {
            next++;
        } else if (number > next) {
            skipTo(number);
        } else if (number < next - WINDOW || isSeen(number)) {
            duplicated++;
            return;
        } else {
            reordered++;
        }
        seen[word(number)] |= 1L << number;
        came++;
    }

    /** The numbers before it have not come, or not yet. */
    private void skipTo(long number) {
        for (long missing = Math.max(next, number - WINDOW + 1); missing < number; missing++) {
            seen[word(missing)] &= ~(1L << missing);
        }
        next = number + 1;
    }

    private boolean isSeen(long number) {
        return (seen[word(number)] & 1L << number) != 0;
    }

    private static int word(long number) {
        return (int) (number % WINDOW) / Long.SIZE;
    }

    /** A frame has come whose number cannot be known. */
    void damaged() {
        corrupted++;
    }

    /** {@return the number after the highest that came} */
    long next() {
        return next;
    }

    /** {@return how many before that have not come} */
    long missing() {
        return next - came - corrupted;
    }

    /** {@return how many frames have come, damaged ones too} */
    long came() {
        return came + duplicated + corrupted;
    }

    /**
     * {@return what has come of all}
     *
     * @param sent how many numbers there were
     * @param dropped how many of them were dropped and counted by their cause
     */
    Tally tally(long sent, long dropped) {
        return new Tally(came, dropped, sent - came - corrupted - dropped, duplicated, reordered, corrupted);
    }
}
