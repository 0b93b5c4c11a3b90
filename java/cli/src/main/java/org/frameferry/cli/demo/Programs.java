// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Which programs there are besides ours. Static functions; any thread. */
public final class Programs {
    /** The repository's folder, set by the launcher: where the build leaves the native programs. */
    private static final String HOME = "frameferry.home";
    private static final int PATIENCE_SECONDS = 10;

    private Programs() {}

    /** {@return the first line a program prints, empty if it cannot be run or fails} */
    static Optional<String> firstLine(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                String first = out.readLine();
                while (out.readLine() != null) {
                    continue; // a program that cannot finish writing would not end
                }
                return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
                        ? Optional.ofNullable(first) : Optional.empty();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /**
     * {@return the path of a native program of this project}
     *
     * @param name as its source is called in bench/native
     * @throws DemoFailure if it has not been built, or nobody said where
     */
    public static String own(String name) {
        String home = System.getProperty(HOME);
        if (home == null) {
            throw new DemoFailure("where " + name + " is cannot be known: start with ./ferry, or give -D" + HOME
                    + "=<the repository's folder>");
        }
        Path file = Path.of(home, "native", "build", "release", "bin", name);
        if (!Files.isExecutable(file)) {
            throw new DemoFailure(file + " is missing: build it with cmake --preset release && cmake --build --preset"
                    + " release");
        }
        return file.toString();
    }
}
