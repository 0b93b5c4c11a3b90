// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the native library is found, and the one line that says why it is not: each time in a new process, which loads
/// it anew.
class NativeLibraryTest {
    private static final String ALLOWED = "--enable-native-access=org.frameferry";
    private static final String PATH = "-Dframeferry.library.path=";
    private static final String DENIED =
            "ENATIVEACCESS: native access is denied to Frameferry: start java with --enable-native-access=";
    private static final String RESOURCE =
            "/META-INF/native/" + NativeLibrary.platform() + "/" + NativeLibrary.FILE;

    @TempDir
    private Path directory;

    private static ChildJvm.Result open(String... options) throws Exception {
        return ChildJvm.onModulePath(List.of(options), "open");
    }

    private static String found(String library) {
        return "ok Diagnosis[library=" + library + ", layoutVersion=3, platform=" + NativeLibrary.platform() + "]";
    }

    private Path copyOfTheLibrary() throws IOException {
        Path copy = directory.resolve(NativeLibrary.FILE);
        try (InputStream in = FramePool.class.getResourceAsStream(RESOURCE)) {
            Files.copy(in, copy);
        }
        return copy;
    }

    @Test
    void theCopyInTheJarLeavesNothingBehind() throws Exception {
        open(ALLOWED, "-Dframeferry.tmpdir=" + directory).assertOk(found("jar:" + RESOURCE));
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void theJavaTemporaryDirectoryUnlessToldOtherwise() throws Exception {
        open(ALLOWED, "-Djava.io.tmpdir=" + directory).assertOk(found("jar:" + RESOURCE));
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void noTemporaryDirectory() throws Exception {
        ChildJvm.Result result = open(ALLOWED, "-Dframeferry.tmpdir=" + directory.resolve("missing"));
        String start = "ENOLIBRARY: cannot unpack libframeferry.so (" + directory.resolve("missing") + "/frameferry-";
        String end = "): set -Dframeferry.tmpdir=DIRECTORY to one with space that this user may write\n";
        assertTrue(result.output().startsWith(start) && result.output().endsWith(end), result.output());
        assertEquals(1, result.output().lines().count());
        assertEquals(1, result.exit());
    }

    @Test
    void thePathOfAFile() throws Exception {
        Path copy = copyOfTheLibrary();
        open(ALLOWED, PATH + copy).assertOk(found(copy.toString()));
        assertTrue(Files.exists(copy));
    }

    @Test
    void thePathOfADirectory() throws Exception {
        Path copy = copyOfTheLibrary();
        open(ALLOWED, PATH + directory).assertOk(found(copy.toString()));
    }

    @Test
    void noSuchPath() throws Exception {
        for (Path path : List.of(directory.resolve("missing"), directory)) {
            open(ALLOWED, PATH + path).assertError("ENOLIBRARY: " + PATH + path + " names no file libframeferry.so: "
                    + "correct it, or leave it out to use the copy in the jar");
        }
    }

    @Test
    void aFileThatIsNoLibrary() throws Exception {
        Path file = Files.writeString(directory.resolve("libframeferry.so"), "not a library");
        ChildJvm.Result result = open(ALLOWED, PATH + file);
        List<String> ours = result.output().lines() // beside the virtual machine's own warning
                .filter(line -> line.startsWith("ENO") || line.contains("\tat ")).toList();
        assertEquals(1, ours.size(), result.output());
        assertTrue(ours.getFirst().startsWith(
                "ENOLIBRARY: -Dframeferry.library.path names a library that does not load: " + file), ours.getFirst());
        assertEquals(1, result.exit());
    }

    @Test
    void anotherLibrary() throws Exception {
        Path other = directory.resolve("libframeferry.so");
        Files.copy(Path.of(System.getProperty("java.home"), "lib", "libsyslookup.so"), other);
        open(ALLOWED, PATH + directory).assertError("ENOLIBRARY: " + other + " is not Frameferry's library: correct "
                + "-Dframeferry.library.path");
    }

    @Test
    void aLibraryOfAnotherLayout() throws Exception {
        Path source = Files.writeString(directory.resolve("other.c"),
                "unsigned ferry_layout_version(void) { return 7; }");
        Path other = directory.resolve("libframeferry.so");
        Process compiler;
        try {
            compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", other.toString(), source.toString()).start();
        } catch (IOException e) {
            assumeTrue(false, "no C compiler here");
            return;
        }
        assertEquals(0, compiler.waitFor());
        open(ALLOWED, PATH + other).assertError("ELAYOUT: " + other + " has layout version 7, this jar needs 3: use "
                + "the library and the jar of the same release");
    }

    @Test
    void nativeAccessDenied() throws Exception {
        open("--illegal-native-access=deny").assertError(DENIED + "org.frameferry");
    }

    @Test
    void nativeAccessDeniedOnTheClassPath() throws Exception {
        ChildJvm.onClassPath(List.of("--illegal-native-access=deny"), "open").assertError(DENIED + "ALL-UNNAMED");
        ChildJvm.onClassPath(List.of("--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED"), "open")
                .assertOk(found("jar:" + RESOURCE));
    }

    @Test
    void thisProcessLoadedItFromTheJar() {
        Frameferry.Diagnosis diagnosis = Frameferry.diagnose();
        assertEquals("jar:" + RESOURCE, diagnosis.library());
        assertEquals(3, diagnosis.layoutVersion());
        assertFalse(diagnosis.platform().isBlank());
    }
}
