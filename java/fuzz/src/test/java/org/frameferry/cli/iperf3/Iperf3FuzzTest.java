// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The inputs that were worth keeping, and some thousand made of them, the same every time. */
class Iperf3FuzzTest {
    private static final int MADE = 5_000;

    private static List<byte[]> corpus() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("corpus", "iperf3"))) {
            return files.sorted().map(Iperf3FuzzTest::read).toList();
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(file + " is not to be read", e);
        }
    }

    @Test
    void everyInputOfTheCorpusEndsAsDocumented() throws IOException {
        assertFalse(corpus().isEmpty());
        corpus().forEach(Iperf3Fuzz::fuzzerTestOneInput);
    }

    @Test
    void soDoInputsMadeOfThem() throws IOException {
        List<byte[]> corpus = corpus();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < MADE; i++) {
            byte[] input = corpus.get(random.nextInt(corpus.size())).clone();
            for (int changes = random.nextInt(1, 9); changes > 0 && input.length > 0; changes--) {
                input[random.nextInt(input.length)] = (byte) random.nextInt();
            }
            Iperf3Fuzz.fuzzerTestOneInput(Arrays.copyOf(input, random.nextInt(input.length + 1)));
        }
    }
}
