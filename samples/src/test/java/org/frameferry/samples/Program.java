// SPDX-License-Identifier: Apache-2.0
package org.frameferry.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A program that runs beside the test, and what it has said. One thread.
///
/// The methods that wait do so without a limit of their own: the timeout of the tests interrupts them.
final class Program implements AutoCloseable {
    private final Process process;
    private final Path output;

    private Program(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Program start(Path folder, List<String> command, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        Path output = Files.createTempFile("frameferry-sample", null);
        return new Program(new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start(), output);
    }

    /// Runs it to its end, which has to be a good one.
    static void run(Path folder, List<String> command, String... arguments) throws IOException, InterruptedException {
        try (Program program = start(folder, command, arguments)) {
            program.end();
        }
    }

    /// {@return the first place of its output that fits, once there is one}
    MatchResult said(String pattern) throws IOException, InterruptedException {
        while (true) {
            boolean running = process.isAlive(); // asked first, so that its last words are read
            Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(output));
            if (matcher.find()) {
                return matcher.toMatchResult();
            }
            assertTrue(running, () -> "it never said " + pattern + ":\n" + read());
            Thread.sleep(10);
        }
    }

    /// {@return all that it said, when it has ended without an error}
    String end() throws InterruptedException {
        assertEquals(0, process.waitFor(), this::read);
        return read();
    }

    private String read() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.delete(output);
    }
}
