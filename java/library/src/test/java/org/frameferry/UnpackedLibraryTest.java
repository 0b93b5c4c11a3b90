// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the library of the jar is unpacked to, by whom, and by how many at once. In new processes, but for the race.
class UnpackedLibraryTest {
    private static final String TEMPORARY = "-Dframeferry.tmpdir=";
    private static final int SOMEBODY = 12345; // another user than this one and root, whether there is one or not

    @TempDir
    private Path directory;

    private static ChildJvm.Result open(String option) throws Exception {
        return ChildJvm.onModulePath(List.of("--enable-native-access=org.frameferry", option), "open");
    }

    private static void assertOpens(String option) throws Exception {
        open(option).assertOk("ok " + Frameferry.diagnose());
    }

    private static int user() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    private static List<Path> in(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    /// {@return the one file in this user's own directory there}
    private static Path unpacked(Path temporary) throws IOException {
        Path own = temporary.resolve("frameferry-" + user());
        assertEquals(List.of(own), in(temporary));
        assertEquals(0700, 07777 & (int) Files.getAttribute(own, "unix:mode"));
        assertEquals(1, in(own).size());
        return in(own).getFirst();
    }

    @Test
    void oneFileForAllProcesses() throws Exception {
        assertOpens(TEMPORARY + directory);
        Path file = unpacked(directory);
        assertTrue(file.getFileName().toString().matches("libframeferry-[0-9a-f]{1,8}\\.so"), file.toString());
        Object first = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        assertOpens("-Djava.io.tmpdir=" + directory);
        assertEquals(file, unpacked(directory));
        assertEquals(first, Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }

    /// A library that is seen half written would be taken for one that somebody has changed.
    @Test
    void manyAtOnce() throws Exception {
        String before = System.getProperty(UnpackedLibrary.TEMPORARY_PROPERTY);
        System.setProperty(UnpackedLibrary.TEMPORARY_PROPERTY, directory.toString());
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 50; round++) {
                byte[] content = new byte[1 << 20];
                content[round] = 1;
                List<Callable<Path>> all = IntStream.range(0, 4)
                        .<Callable<Path>>mapToObj(_ -> () -> UnpackedLibrary.of(content)).toList();
                for (Future<Path> each : threads.invokeAll(all)) {
                    assertArrayEquals(content, Files.readAllBytes(each.get()));
                }
            }
        } finally {
            if (before == null) {
                System.clearProperty(UnpackedLibrary.TEMPORARY_PROPERTY);
            } else {
                System.setProperty(UnpackedLibrary.TEMPORARY_PROPERTY, before);
            }
        }
        assertEquals(50, in(directory.resolve("frameferry-" + user())).size());
    }

    @Test
    void aFileThatSomebodyHasChanged() throws Exception {
        assertOpens(TEMPORARY + directory);
        Path file = unpacked(directory);
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
        String error = "ETAMPERED: " + file + " is not what the jar carries: somebody has changed it; find out who "
                + "could, then delete it";
        open(TEMPORARY + directory).assertError(error);
        Files.write(file, new byte[0]);
        open(TEMPORARY + directory).assertError(error);
        Files.delete(file);
        assertOpens(TEMPORARY + directory);
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start().waitFor();
    }

    @Test
    void aDirectoryThatIsMountedNoexec() throws Exception {
        assumeTrue(user() == 0 && run("mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", directory.toString()) == 0,
                "only root mounts something, and not everywhere");
        try {
            ChildJvm.Result result = open(TEMPORARY + directory);
            Path own = unpacked(directory).getParent();
            assertTrue(result.output().startsWith("ENOLIBRARY: the library unpacked to " + own
                    + " does not load; if that is mounted noexec, set -Dframeferry.tmpdir=DIRECTORY to another: "),
                    result.output());
        } finally {
            assertEquals(0, run("umount", directory.toString()));
        }
    }

    @Test
    void noTemporaryDirectory() throws Exception {
        Path missing = directory.resolve("missing");
        open(TEMPORARY + missing).assertError("ENOLIBRARY: cannot unpack libframeferry.so (" + missing
                + "): set -Dframeferry.tmpdir=DIRECTORY to one with space that this user may write");
    }

    private static void assertRefused(Path temporary, Path place, Path because, int owner, String mode)
            throws Exception {
        open(TEMPORARY + temporary).assertError("ENOLIBRARY: another user could replace libframeferry.so in "
                + place + ", because " + because + " has owner " + owner + " and mode " + mode
                + ": set -Dframeferry.tmpdir=DIRECTORY to one that only this user can write");
    }

    /// Whoever may write a directory may rename what is in it, and put something else there.
    @ParameterizedTest
    @ValueSource(ints = {0777, 0775, 0720, 0702})
    void aDirectoryThatOthersWrite(int mode) throws Exception {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setAttribute(open, "unix:mode", mode);
        String octal = Integer.toOctalString(mode);
        assertRefused(open, open, open, user(), octal);
        Path below = Files.createDirectory(open.resolve("below"));
        assertRefused(below, below, open, user(), octal);
        Path link = Files.createSymbolicLink(directory.resolve("link"), below);
        assertRefused(link, below, open, user(), octal);
        assertEquals(List.of(), in(below));
    }

    /// As `/tmp` is: there one renames only what is one's own.
    @Test
    void aStickyDirectoryThatOthersWrite() throws Exception {
        Path sticky = Files.createDirectory(directory.resolve("sticky"));
        Files.setAttribute(sticky, "unix:mode", 01777);
        assertOpens(TEMPORARY + sticky);
        Path link = Files.createSymbolicLink(directory.resolve("link"), sticky);
        assertOpens(TEMPORARY + link);
        unpacked(sticky);
    }

    @Test
    void aDirectoryOfAnotherUser() throws Exception {
        assumeTrue(user() == 0, "only root can give a directory away");
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        Files.setAttribute(theirs, "unix:mode", 01777); // sticky or not: its owner may do everything
        Files.setAttribute(theirs, "unix:uid", SOMEBODY);
        assertRefused(theirs, theirs, theirs, SOMEBODY, "1777");
        assertEquals(List.of(), in(theirs));
        Path below = Files.createDirectory(theirs.resolve("below"));
        assertRefused(below, below, theirs, SOMEBODY, "1777");
    }

    /// Somebody was there first, under the name that this user's own directory has.
    @Test
    void anOwnDirectoryThatIsNot() throws Exception {
        Path own = Files.createDirectory(directory.resolve("frameferry-" + user()));
        Files.setAttribute(own, "unix:mode", 0750);
        assertRefused(directory, own, own, user(), "750");
        if (user() == 0) {
            Files.setAttribute(own, "unix:mode", 0700);
            Files.setAttribute(own, "unix:uid", SOMEBODY);
            assertRefused(directory, own, own, SOMEBODY, "700");
        }
        assertEquals(List.of(), in(own));
        Files.delete(own);
        Files.createSymbolicLink(own, Files.createDirectory(directory.resolve("elsewhere")));
        assertRefused(directory, own, own, user(), "777");
    }
}
