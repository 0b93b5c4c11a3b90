// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.frameferry.bindings.FerryBindings;

/// Finds and loads `libframeferry.so`. Any thread; whatever comes first, a pool or a diagnosis, requires it.
///
/// First the path in `-Dframeferry.library.path` (the file or its directory), then the copy in the jar, unpacked into a
/// new directory that only this user can enter, and that nobody else can put another in the place of.
/// `-Dframeferry.tmpdir` says where, when the temporary directory is mounted `noexec`. The unpacked file is unlinked as
/// soon as it is loaded.
final class NativeLibrary {
    static final String PATH_PROPERTY = "frameferry.library.path";
    static final String TEMPORARY_PROPERTY = "frameferry.tmpdir";
    static final String FILE = "libframeferry.so";

    private static final Integer ROOT = 0;
    private static final int WRITABLE_BY_OTHERS = 0022; // the group, or everybody
    private static final int STICKY = 01000; // only its owner renames a file
    private static final int PERMISSIONS = 07777;

    private static String loaded;

    private NativeLibrary() {
    }

    /// Loads the library the first time.
    ///
    /// Not a class initialiser: its failure would reach the user as an error without the message, and only once.
    ///
    /// @return where it was loaded from
    /// @throws FerryException if it cannot be loaded, each time
    static synchronized String require() {
        if (loaded == null) {
            String path = System.getProperty(PATH_PROPERTY);
            String library = path != null ? loadFrom(Path.of(path)) : loadFromJar();
            checkVersion(library);
            loaded = library;
        }
        return loaded;
    }

    private static void checkVersion(String library) {
        if (SymbolLookup.loaderLookup().find("ferry_layout_version").isEmpty()) {
            throw new FerryException("ENOLIBRARY", library + " is not Frameferry's library: correct -D" + PATH_PROPERTY);
        }
        int version = FerryBindings.ferry_layout_version();
        if (version != FerryBindings.FERRY_LAYOUT_VERSION()) {
            throw new FerryException("ELAYOUT", library + " has layout version " + version + ", this jar needs "
                    + FerryBindings.FERRY_LAYOUT_VERSION() + ": use the library and the jar of the same release");
        }
    }

    private static String loadFrom(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
        if (!Files.isRegularFile(file)) {
            throw new FerryException("ENOLIBRARY", "-D" + PATH_PROPERTY + "=" + path + " names no file " + FILE
                    + ": correct it, or leave it out to use the copy in the jar");
        }
        return link(file.toAbsolutePath(), "-D" + PATH_PROPERTY + " names a library that does not load");
    }

    private static String loadFromJar() {
        String resource = "/META-INF/native/" + platform() + "/" + FILE;
        try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FerryException("ENOLIBRARY", "this jar has no native library for " + platform()
                        + ": build one with CMake and name it with -D" + PATH_PROPERTY + "=FILE");
            }
            return loadUnpacked(in, resource);
        } catch (IOException e) {
            throw new FerryException("ENOLIBRARY", "cannot unpack " + FILE + " (" + e.getMessage() + "): set -D"
                    + TEMPORARY_PROPERTY + "=DIRECTORY to one with space that this user may write");
        }
    }

    private static String loadUnpacked(InputStream in, String resource) throws IOException {
        String named = System.getProperty(TEMPORARY_PROPERTY, System.getProperty("java.io.tmpdir"));
        Path parent = Path.of(named).toRealPath(); // without links: what is looked at is what is loaded from
        checkWay(parent);
        Path directory = Files.createTempDirectory(parent, "frameferry-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = directory.resolve(FILE);
        try {
            Files.copy(in, file);
            link(file, "the library unpacked to " + parent + " does not load; if that is mounted noexec, set -D"
                    + TEMPORARY_PROPERTY + "=DIRECTORY to another");
            return "jar:" + resource;
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        }
    }

    /// Every directory up from this one belongs to root or to this user, and nobody else can rename what is in it. So what
    /// is made there stays there, until the library is loaded.
    private static void checkWay(Path parent) throws IOException {
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        for (Path directory = parent; directory != null; directory = directory.getParent()) {
            Object owner = Files.getAttribute(directory, "unix:uid");
            int mode = (int) Files.getAttribute(directory, "unix:mode");
            boolean open = (mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0;
            if (open || !owner.equals(ROOT) && !owner.equals(user)) {
                throw new FerryException("ENOLIBRARY", "another user could replace " + FILE + " in " + parent
                        + ", because " + directory + " has owner " + owner + " and mode "
                        + Integer.toOctalString(mode & PERMISSIONS) + ": set -D" + TEMPORARY_PROPERTY
                        + "=DIRECTORY to one that only this user can write");
            }
        }
    }

    private static String link(Path file, String complaint) {
        try {
            System.load(file.toString());
            return file.toString();
        } catch (IllegalCallerException e) {
            Module module = NativeLibrary.class.getModule();
            throw new FerryException("ENATIVEACCESS", "native access is denied to Frameferry: start java with "
                    + "--enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
        } catch (UnsatisfiedLinkError e) {
            throw new FerryException("ENOLIBRARY", complaint + ": " + e.getMessage());
        }
    }

    /// {@return the platform as directories in the jar are named: `linux-x86_64`}
    static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        return system + "-" + (processor.equals("amd64") ? "x86_64" : processor);
    }
}
