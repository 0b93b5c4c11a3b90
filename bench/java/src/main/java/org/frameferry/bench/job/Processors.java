// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.frameferry.bench.BenchFailure;

/**
 * The two processors of a job: one sends, the other receives, with all threads of its process. Immutable; any thread.
 *
 * @param sending its number
 * @param receiving its number
 */
record Processors(int sending, int receiving) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    /**
     * {@return the first two that this process may use}
     *
     * @throws BenchFailure if there is only one
     */
    static Processors here() throws IOException {
        String list = Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(ALLOWED)).findFirst()
                .orElseThrow(() -> new IOException("no processors in " + STATUS)).substring(ALLOWED.length()).strip();
        List<Integer> allowed = parse(list);
        if (allowed.size() < 2) {
            throw new BenchFailure("a sender and a receiver need two processors, and this process may use " + list);
        }
        return new Processors(allowed.get(0), allowed.get(1));
    }

    /** {@return the numbers in a list such as "0-2,5"} */
    static List<Integer> parse(String list) {
        return Stream.of(list.split(",")).map(range -> range.split("-")).flatMap(ends -> IntStream
                .rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])).boxed()).toList();
    }

    /** {@return a program that runs on that processor and no other} */
    static ProcessBuilder pinned(int processor, List<String> command) {
        List<String> all = new ArrayList<>(List.of("taskset", "--cpu-list", "" + processor));
        all.addAll(command);
        return new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT);
    }
}
