// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Cache misses of data an operation, as cachegrind counts them in its model of this machine's caches. Immutable; any
 * thread.
 *
 * @param d1 of the first level
 * @param ll of the last level
 */
record Misses(double d1, double ll) {
    /** Two counts: the difference is free of what starting up costs. */
    private static final long FEW = 6_400;
    private static final long MANY = 64_000;
    private static final Set<Integer> ENDED = Set.of(130, 143);

    /**
     * {@return whether cachegrind is there}
     *
     * @throws IOException with the remedy if it is not
     */
    static void require() throws IOException {
        boolean found = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "valgrind")));
        if (!found) {
            throw new IOException("--misses needs valgrind, which is not in PATH: apt-get install valgrind, or leave"
                    + " --misses out");
        }
    }

    /** {@return those of one workload; empty if it was ended by Ctrl-C} */
    static Optional<Misses> count(String program, String workload) throws IOException {
        Optional<Misses> few = total(program, workload, FEW);
        Optional<Misses> many = few.isEmpty() ? few : total(program, workload, MANY);
        return many.map(m -> difference(few.get(), m, MANY - FEW));
    }

    static Misses difference(Misses few, Misses many, long operations) {
        return new Misses((many.d1 - few.d1) / operations, (many.ll - few.ll) / operations);
    }

    private static Optional<Misses> total(String program, String workload, long operations) throws IOException {
        Path log = Files.createTempFile("ferry-cachegrind", ".log");
        try {
            Process process = new ProcessBuilder(List.of("valgrind", "--tool=cachegrind", "--cache-sim=yes",
                    "--cachegrind-out-file=/dev/null", "--log-file=" + log, program, "--only", workload,
                    "--operations", Long.toString(operations))).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (ENDED.contains(code)) {
                return Optional.empty();
            }
            if (code != 0) {
                throw new IOException("cachegrind over " + workload + " ended with exit code " + code + ": "
                        + (said.isBlank() ? Files.readString(log) : said).strip());
            }
            return Optional.of(parse(Files.readString(log)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            Files.deleteIfExists(log);
        }
    }

    /** {@return the totals on the lines "==123== D1  misses: 1,234" and "==123== LLd misses: 12"} */
    static Misses parse(String log) throws IOException {
        return new Misses(field(log, "D1"), field(log, "LLd"));
    }

    private static double field(String log, String level) throws IOException {
        Matcher line = Pattern.compile("(?m)^==\\d+== " + level + " +misses: +([\\d,]+)").matcher(log);
        if (!line.find()) {
            throw new IOException("cachegrind told no " + level + " misses: " + log.strip());
        }
        return Double.parseDouble(line.group(1).replace(",", ""));
    }
}
