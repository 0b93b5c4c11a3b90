// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The command as a jar to start by itself: its manifest names the jars beside it, and allows native code.
class JarIT {
    private static Path jar() throws Exception {
        Path target = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
        try (Stream<Path> files = Files.list(target.resolve("modules"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("frameferry-cli-")).findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void needsNoOtherOption() throws Exception {
        Process doctor = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--illegal-native-access=deny", "-jar", jar().toString(), "doctor").redirectErrorStream(true).start();
        String output = new String(doctor.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, doctor.waitFor(), output);
        for (String line : List.of("native library", "native access")) {
            assertTrue(output.lines().anyMatch(l -> l.matches("ok +" + line + ".*")), output);
        }
        assertFalse(output.contains("WARNING"), output);
    }
}
