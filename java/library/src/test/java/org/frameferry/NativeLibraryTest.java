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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the native library is found, and the one line that says why it is not: each time in a new process, which loads
/// it anew.
class NativeLibraryTest {
    private static final String ALLOWED = "--enable-native-access=org.frameferry";
    private static final String PATH = "-Dframeferry.library.path=";
    private static final String TEMPORARY = "-Dframeferry.tmpdir=";
    private static final int SOMEBODY = 12345; // another user than this one and root, whether there is one or not
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

    private static void assertEmpty(Path directory) throws IOException {
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
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
        open(ALLOWED, TEMPORARY + directory).assertOk(found("jar:" + RESOURCE));
        assertEmpty(directory);
    }

    @Test
    void theJavaTemporaryDirectoryUnlessToldOtherwise() throws Exception {
        open(ALLOWED, "-Djava.io.tmpdir=" + directory).assertOk(found("jar:" + RESOURCE));
        assertEmpty(directory);
    }

    @Test
    void noTemporaryDirectory() throws Exception {
        Path missing = directory.resolve("missing");
        open(ALLOWED, TEMPORARY + missing).assertError("ENOLIBRARY: cannot unpack libframeferry.so (" + missing
                + "): set -Dframeferry.tmpdir=DIRECTORY to one with space that this user may write");
    }

    private static int user() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    private void assertRefused(Path temporary, Path because, int owner, String mode) throws Exception {
        open(ALLOWED, TEMPORARY + temporary).assertError("ENOLIBRARY: another user could replace libframeferry.so in "
                + temporary.toRealPath() + ", because " + because + " has owner " + owner + " and mode " + mode
                + ": set -Dframeferry.tmpdir=DIRECTORY to one that only this user can write");
        assertEmpty(temporary);
    }

    /// Whoever may write a directory may rename what is in it, and put something else there.
    @ParameterizedTest
    @ValueSource(ints = {0777, 0775, 0720, 0702})
    void aDirectoryThatOthersWrite(int mode) throws Exception {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setAttribute(open, "unix:mode", mode);
        assertRefused(open, open, user(), Integer.toOctalString(mode));
        Path below = Files.createDirectory(open.resolve("below"));
        assertRefused(below, open, user(), Integer.toOctalString(mode));
        Path link = Files.createSymbolicLink(directory.resolve("link"), below);
        assertRefused(link, open, user(), Integer.toOctalString(mode));
    }

    /// As `/tmp` is: there one renames only what is one's own.
    @Test
    void aStickyDirectoryThatOthersWrite() throws Exception {
        Path sticky = Files.createDirectory(directory.resolve("sticky"));
        Files.setAttribute(sticky, "unix:mode", 01777);
        open(ALLOWED, TEMPORARY + sticky).assertOk(found("jar:" + RESOURCE));
        Path link = Files.createSymbolicLink(directory.resolve("link"), sticky);
        open(ALLOWED, TEMPORARY + link).assertOk(found("jar:" + RESOURCE));
        assertEmpty(sticky);
    }

    @Test
    void aDirectoryOfAnotherUser() throws Exception {
        assumeTrue(user() == 0, "only root can give a directory away");
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        Files.setAttribute(theirs, "unix:mode", 01777); // sticky or not: its owner may do everything
        Files.setAttribute(theirs, "unix:uid", SOMEBODY);
        assertRefused(theirs, theirs, SOMEBODY, "1777");
        assertRefused(Files.createDirectory(theirs.resolve("below")), theirs, SOMEBODY, "1777");
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
