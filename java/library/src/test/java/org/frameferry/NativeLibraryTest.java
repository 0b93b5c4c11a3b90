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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the native library is found, and the one line that says why it is not: each time in a new process, which loads
/// it anew.
class NativeLibraryTest {
    private static final String ALLOWED = "--enable-native-access=org.frameferry";
    private static final String PATH = "-Dframeferry.library.path=";
    private static final String TEMPORARY = "-Dframeferry.tmpdir=";
    private static final String SYSTEM_PATH = "-Djava.library.path=";
    private static final String DENIED =
            "ENATIVEACCESS: native access is denied to Frameferry: start java with --enable-native-access=";
    private static final String NAMED = "-Dframeferry.library.path names a library that does not load: ";
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
        assertDoesNotLoad(open(ALLOWED, PATH + file), NAMED + file);
    }

    @Test
    void anotherLibrary() throws Exception {
        Path other = directory.resolve("libframeferry.so");
        Files.copy(Path.of(System.getProperty("java.home"), "lib", "libsyslookup.so"), other);
        open(ALLOWED, PATH + directory).assertError("ENOLIBRARY: " + other + " is not Frameferry's library: correct "
                + "-Dframeferry.library.path");
    }

    /// A library that is not what it seems, as C would have it.
    private Path compiled(String name, String source) throws Exception {
        Path file = Files.writeString(directory.resolve(name + ".c"), source);
        Path library = directory.resolve(name);
        try {
            String[] command = {"cc", "-shared", "-fPIC", "-o", library.toString(), file.toString()};
            assertEquals(0, new ProcessBuilder(command).start().waitFor());
        } catch (IOException e) {
            assumeTrue(false, "no C compiler here");
        }
        return library;
    }

    @Test
    void aLibraryOfAnotherVersion() throws Exception {
        Path other = compiled(NativeLibrary.FILE, "unsigned ferry_version(void) { return 123456; }");
        open(ALLOWED, PATH + other).assertError("EVERSION: " + other + " has version 12.34.56, this jar is of 0.1.0: "
                + "use the library and the jar of the same release");
    }

    @Test
    void aLibraryOfAnotherLayout() throws Exception {
        Path other = compiled(NativeLibrary.FILE,
                "unsigned ferry_version(void) { return 100; } unsigned ferry_layout_version(void) { return 7; }");
        open(ALLOWED, PATH + other).assertError("ELAYOUT: " + other + " has layout version 7, this jar needs 3: use "
                + "the library and the jar of the same release");
    }

    @Test
    void aLibraryOfAnotherProcessor() throws Exception {
        Path copy = copyOfTheLibrary();
        byte[] content = Files.readAllBytes(copy);
        content[18] = 20; // e_machine of an ELF file: EM_PPC
        Files.write(copy, content);
        assertDoesNotLoad(open(ALLOWED, PATH + copy), NAMED + copy + " is for machine 20, ");
    }

    /// Mapped, it would end the process: what is not there cannot be read.
    @Test
    void aLibraryThatIsCutShort() throws Exception {
        Path copy = copyOfTheLibrary();
        Files.write(copy, Arrays.copyOf(Files.readAllBytes(copy), 10_000));
        assertDoesNotLoad(open(ALLOWED, PATH + copy), NAMED + copy + " is no shared library, or cut short");
    }

    @Test
    void noLibraryForThisProcessor() throws Exception {
        open(ALLOWED, "-Dos.arch=riscv64").assertError("ENOLIBRARY: no jar here has a native library for "
                + "linux-riscv64: add org.frameferry:frameferry with the classifier linux-riscv64, or with all in "
                + "place of the one without (a module of natives needs --add-modules), or build one with CMake and "
                + "name it with " + PATH + "FILE");
    }

    /// As on Alpine, where what is made for glibc does not load.
    @Test
    void anotherCLibrary() throws Exception {
        Path musl = compiled("ld-musl-x86_64.so.1", "int musl;");
        Path broken = Files.writeString(directory.resolve(NativeLibrary.FILE), "needs glibc");
        assertDoesNotLoad(ChildJvm.onModulePath(List.of(ALLOWED, PATH + broken), "open-besides", musl.toString()),
                "; the C library of this system is musl, and the jar's library is made for glibc: build one here with "
                + "CMake, and name it with " + PATH + "FILE");
    }

    @Test
    void theSystemsPathBeforeTheJar() throws Exception {
        Path copy = copyOfTheLibrary();
        open(ALLOWED, SYSTEM_PATH + "/nonexistent::" + directory).assertOk(found(copy.toString()));
    }

    @Test
    void thePathBeforeTheSystems() throws Exception {
        Path copy = copyOfTheLibrary();
        Path other = Files.createDirectory(directory.resolve("system"));
        Files.writeString(other.resolve(NativeLibrary.FILE), "not a library");
        open(ALLOWED, SYSTEM_PATH + other, PATH + copy).assertOk(found(copy.toString()));
        assertDoesNotLoad(open(ALLOWED, SYSTEM_PATH + other),
                "java.library.path leads to a library that does not load: ");
    }

    @Test
    void twiceInOneProcess() throws Exception {
        Path copy = copyOfTheLibrary();
        List<String> options = List.of("--enable-native-access=ALL-UNNAMED", TEMPORARY + directory);
        for (String[] arguments : new String[][] {{"open-twice"}, {"open-twice", copy.toString()}}) {
            assertTwice(ChildJvm.onClassPath(options, arguments));
        }
        Path other = Files.createDirectory(directory.resolve("other")).resolve("libframeferry.so.7");
        Files.copy(copy, other);
        assertTwice(ChildJvm.onClassPath(options, "open-besides", other.toString()));
    }

    private void assertTwice(ChildJvm.Result result) {
        assertTrue(result.output().matches("ETWICE: this process has " + directory + "/\\S+ already, .*, and cannot "
                + "have " + directory + "/\\S+ besides: .*\n"), result.output());
        assertEquals(1, result.exit());
    }

    /// One line of ours, beside the virtual machine's own warnings.
    private static void assertDoesNotLoad(ChildJvm.Result result, String... parts) {
        List<String> ours = result.output().lines()
                .filter(line -> line.startsWith("E") || line.contains("\tat ")).toList();
        assertEquals(1, ours.size(), result.output());
        assertTrue(ours.getFirst().startsWith("ENOLIBRARY: "), ours.getFirst());
        for (String part : parts) {
            assertTrue(ours.getFirst().contains(part), ours.getFirst());
        }
        assertEquals(1, result.exit());
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
