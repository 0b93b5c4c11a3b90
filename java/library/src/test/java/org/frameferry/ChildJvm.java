// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs [ChildProgram] in a Java virtual machine of its own: for what depends on its options, and for what would take
/// this one along. Any thread.
final class ChildJvm {
    /// What it said and how it ended.
    record Result(int exit, String output) {
        void assertOk(String line) {
            assertEquals(line + "\n", output);
            assertEquals(0, exit);
        }

        /// One line, without a stack trace or a warning.
        void assertError(String line) {
            assertEquals(line + "\n", output);
            assertEquals(1, exit);
        }
    }

    private ChildJvm() {
    }

    /// The library as a module.
    static Result onModulePath(List<String> options, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--module-path=" + classes(FramePool.class),
                "--patch-module=org.frameferry=" + classes(ChildJvm.class)));
        all.addAll(options);
        all.add("--module=org.frameferry/" + ChildProgram.class.getName());
        return run(all, arguments);
    }

    /// The library as classes like any others.
    static Result onClassPath(List<String> options, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--class-path=" + classes(FramePool.class) + ":"
                + classes(ChildJvm.class)));
        all.addAll(options);
        all.add(ChildProgram.class.getName());
        return run(all, arguments);
    }

    /// {@return the directory that a class of the library, or of its tests, was loaded from}
    static Path classes(Class<?> type) throws URISyntaxException {
        Path path = Path.of(type.getResource(type.getSimpleName() + ".class").toURI());
        return path.getParent().getParent().getParent();
    }

    private static Result run(List<String> options, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String agent = System.getProperty("ferry.agent", ""); // counts the lines that are reached, in the deep form
        if (!agent.isEmpty()) {
            command.add(agent);
        }
        command.addAll(options);
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("frameferry-test", null);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(45, TimeUnit.SECONDS), "it hangs: " + command);
            return new Result(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
