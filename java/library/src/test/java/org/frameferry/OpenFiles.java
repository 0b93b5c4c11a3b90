// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The file descriptors of this process. Any thread.
final class OpenFiles {
    private OpenFiles() {
    }

    /// {@return those whose link in /proc begins so: a path, `socket:`, `anon_inode:[eventfd]`}
    static Set<Integer> of(String kind) throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(link -> {
                try {
                    return Files.readSymbolicLink(link).toString().startsWith(kind);
                } catch (IOException e) { // the directory's own, closed by now
                    return false;
                }
            }).map(link -> Integer.valueOf(link.getFileName().toString())).collect(Collectors.toSet());
        }
    }
}
