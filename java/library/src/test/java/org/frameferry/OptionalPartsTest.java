// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.AtomicHistogram;
import org.junit.jupiter.api.Test;

/// What the library can do without: HdrHistogram, and the management and recording parts of the JDK until they are used. Each
/// in a virtual machine of its own, as a module and as classes like any others.
class OptionalPartsTest {
    private static final String ACCESS = "--enable-native-access=";

    private static Path histograms() throws URISyntaxException {
        return Path.of(AtomicHistogram.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void withoutHistogramsThereAreNoLatencies() throws Exception {
        ChildJvm.onClassPath(List.of(ACCESS + "ALL-UNNAMED"), "latency").assertOk("false false 100001");
        ChildJvm.onModulePath(List.of(ACCESS + "org.frameferry"), "latency").assertOk("false false 100001");
    }

    @Test
    void withHistogramsOnTheClassPathThereAre() throws Exception {
        ChildJvm.onClassPath(List.of(ACCESS + "ALL-UNNAMED", "-Xbootclasspath/a:" + histograms()), "latency")
                .assertOk("true true 100001");
    }

    @Test
    void withHistogramsAsAModuleThereAre() throws Exception {
        ChildJvm.onModulePath(List.of(ACCESS + "org.frameferry", "--add-modules=HdrHistogram",
                "--module-path=" + ChildJvm.classes(FramePool.class) + ":" + histograms()), "latency")
                .assertOk("true true 100001");
    }

    /// {@return the classes that were loaded, of the JDK's management and recording}
    private static List<String> loaded(String... name) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("misses"));
        arguments.addAll(List.of(name));
        ChildJvm.Result result = ChildJvm.onModulePath(List.of(ACCESS + "org.frameferry", "-Xlog:class+load"),
                arguments.toArray(String[]::new));
        assertEquals(0, result.exit(), result.output());
        assertTrue(result.output().contains("\nok 2\n"), "it did not do what it should");
        return result.output().lines().flatMap(line -> Stream.of(line.split(" ")))
                .filter(word -> word.matches("(java\\.lang\\.management|javax\\.management|jdk\\.jfr)\\..*")).toList();
    }

    /// Nobody records, and nobody gave the pool a name: misses, waits, leaks and trims load nothing but the class that knows
    /// that nobody records.
    @Test
    void neitherJmxNorJfrIsLoadedUntilItIsUsed() throws Exception {
        assertEquals(List.of("jdk.jfr.FlightRecorder"), loaded());
    }

    @Test
    void aNameLoadsJmx() throws Exception {
        List<String> classes = loaded("named");
        assertTrue(classes.contains("javax.management.ObjectName"));
        assertFalse(classes.contains("jdk.jfr.Event"), "nobody records");
    }
}
