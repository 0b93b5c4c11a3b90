// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A file that an option names and a benchmark writes at its end. Static functions; any thread. */
public final class OutputFile {
    private OutputFile() {}

    /**
     * Refuses a file that cannot be written.
     *
     * @param option that names it
     * @param file null if the option was not given
     * @throws ParameterException if there is no such folder, or no permission
     */
    public static void require(String option, Path file, CommandSpec spec) {
        if (file != null && !writable(file.toAbsolutePath())) {
            throw new ParameterException(spec.commandLine(),
                    option + " is " + file + ", must be a file in a folder that you may write");
        }
    }

    private static boolean writable(Path file) {
        return Files.exists(file) ? Files.isRegularFile(file) && Files.isWritable(file)
                : file.getParent() != null && Files.isDirectory(file.getParent()) && Files.isWritable(file.getParent());
    }
}
