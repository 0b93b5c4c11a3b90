// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

/**
 * What has come of the frames of a stream, or of several. Immutable; any thread.
 *
 * @param frames that came, each once
 * @param dropped that did not, and were counted by their cause
 * @param unaccounted that did not, nobody knows why; negative if more were counted as dropped than did not come
 * @param duplicated that came once more
 * @param reordered that came after a later one
 * @param corrupted whose payload was not what was sent
 */
record Tally(long frames, long dropped, long unaccounted, long duplicated, long reordered, long corrupted) {
    static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0);

    Tally plus(Tally b) {
        return new Tally(frames + b.frames, dropped + b.dropped, unaccounted + b.unaccounted,
                duplicated + b.duplicated, reordered + b.reordered, corrupted + b.corrupted);
    }

    /** {@return whether every frame came once and in order, or was dropped and counted} */
    boolean isClean() {
        return unaccounted == 0 && duplicated == 0 && reordered == 0 && corrupted == 0;
    }
}
