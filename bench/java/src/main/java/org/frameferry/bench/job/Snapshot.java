// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What a receiver has counted since it began; a line of text between its process and ours. Immutable; any thread.
 *
 * @param received datagrams
 * @param misordered of them, those whose number was not above the one before
 * @param malformed of them, those of a wrong length
 * @param threadNanos CPU of the threads that receive
 * @param processNanos CPU of the process, with compilers and collectors
 */
record Snapshot(long received, long misordered, long malformed, long threadNanos, long processNanos) {
    private static final String WORD = "counted";

    /** {@return itself as a line} */
    String line() {
        return WORD + LongStream.of(received, misordered, malformed, threadNanos, processNanos)
                .mapToObj(n -> " " + n).collect(Collectors.joining());
    }

    /**
     * {@return what such a line says}
     *
     * @throws IllegalArgumentException if it is none
     */
    static Snapshot parse(String line) {
        String[] words = line.split(" ");
        if (words.length != 6 || !words[0].equals(WORD)) {
            throw new IllegalArgumentException("no counts: " + line);
        }
        long[] n = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
        return new Snapshot(n[0], n[1], n[2], n[3], n[4]);
    }

    /** {@return what came after the earlier one} */
    Snapshot since(Snapshot earlier) {
        return new Snapshot(received - earlier.received, misordered - earlier.misordered,
                malformed - earlier.malformed, threadNanos - earlier.threadNanos,
                processNanos - earlier.processNanos);
    }
}
