// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.frameferry.bindings.FerryBindings;

/// Finds and loads `libframeferry.so`. Any thread; whatever comes first, a pool or a diagnosis, requires it.
///
/// First the path in `-Dframeferry.library.path` (the file or its directory), then the directories of
/// `java.library.path`, then the copy in a jar, by way of an [UnpackedLibrary]. It has to be of the same version as
/// these classes, and the only one in the process.
final class NativeLibrary {
    static final String PATH_PROPERTY = "frameferry.library.path";
    static final String FILE = "libframeferry.so";

    private static final String SYSTEM_PATH_PROPERTY = "java.library.path";
    private static final String SAME_RELEASE = ": use the library and the jar of the same release";

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
            String library = load();
            checkVersion(library);
            loaded = library;
        }
        return loaded;
    }

    private static String load() {
        String path = System.getProperty(PATH_PROPERTY);
        if (path != null) {
            return link(named(Path.of(path)), "-D" + PATH_PROPERTY + " names a library that does not load");
        }
        for (String directory : System.getProperty(SYSTEM_PATH_PROPERTY, "").split(File.pathSeparator)) {
            Path file = Path.of(directory, FILE);
            if (!directory.isEmpty() && Files.isRegularFile(file)) {
                return link(file, SYSTEM_PATH_PROPERTY + " leads to a library that does not load");
            }
        }
        return loadFromJar();
    }

    private static Path named(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
        if (!Files.isRegularFile(file)) {
            throw new FerryException("ENOLIBRARY", "-D" + PATH_PROPERTY + "=" + path + " names no file " + FILE
                    + ": correct it, or leave it out to use the copy in the jar");
        }
        return file;
    }

    /// By the class loader, because the jar of the natives may be another one than that of the classes.
    private static String loadFromJar() {
        String resource = "META-INF/native/" + platform() + "/" + FILE;
        try (InputStream in = NativeLibrary.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new FerryException("ENOLIBRARY", "no jar here has a native library for " + platform()
                        + ": add org.frameferry:frameferry with the classifier " + platform() + ", or with all in place"
                        + " of the one without (a module of natives needs --add-modules), or build one with CMake and"
                        + " name it with -D" + PATH_PROPERTY + "=FILE");
            }
            Path file = UnpackedLibrary.of(in.readAllBytes());
            link(file, "the library unpacked to " + file.getParent() + " does not load; if that is mounted noexec, set"
                    + " -D" + UnpackedLibrary.TEMPORARY_PROPERTY + "=DIRECTORY to another");
            return "jar:/" + resource;
        } catch (IOException e) {
            throw new FerryException("ENOLIBRARY", "cannot unpack " + FILE + " (" + e.getMessage() + "): set -D"
                    + UnpackedLibrary.TEMPORARY_PROPERTY + "=DIRECTORY to one with space that this user may write");
        }
    }

    private static String link(Path path, String complaint) {
        String file = realPath(path);
        List<String> others = mapped("libframeferry");
        for (String other : others) {
            if (!other.equals(file)) {
                throw twice(other, file);
            }
        }
        checkFile(path, complaint);
        try {
            System.load(file);
            return file;
        } catch (IllegalCallerException e) {
            Module module = NativeLibrary.class.getModule();
            throw new FerryException("ENATIVEACCESS", "native access is denied to Frameferry: start java with "
                    + "--enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
        } catch (UnsatisfiedLinkError e) {
            throw others.isEmpty() ? new FerryException("ENOLIBRARY", complaint + ": " + e.getMessage() + musl())
                    : twice(others.getFirst(), file);
        }
    }

    /// Before the system believes it, and ends the process over one that is cut short.
    private static void checkFile(Path file, String complaint) {
        String flaw;
        try {
            flaw = ElfFile.flaw(file);
        } catch (IOException e) {
            flaw = "cannot be read: " + e;
        }
        if (flaw != null) {
            throw new FerryException("ENOLIBRARY", complaint + ": " + file + " " + flaw + musl());
        }
    }

    /// The virtual machine ties a library to one class loader. Of two files, a device's own library would be linked
    /// with whichever came first.
    private static FerryException twice(String there, String file) {
        return new FerryException("ETWICE", "this process has " + there + " already, for another class loader or for"
                + " native code, and cannot have " + file + " besides: load Frameferry once, in a class loader that all"
                + " share, or name the library of the native code with -D" + PATH_PROPERTY);
    }

    private static String musl() {
        return mapped("ld-musl-").isEmpty() ? "" : "; the C library of this system is musl, and the jar's library is"
                + " made for glibc: build one here with CMake, and name it with -D" + PATH_PROPERTY + "=FILE";
    }

    /// {@return the files whose names begin so and that this process has mapped}
    private static List<String> mapped(String prefix) {
        List<String> files = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                if (line.startsWith(prefix, line.lastIndexOf('/') + 1)) {
                    files.add(line.substring(line.indexOf('/')));
                }
            }
        } catch (IOException e) {
            return List.of(); // there is no /proc: what cannot be seen is not complained about
        }
        return files;
    }

    private static String realPath(Path path) {
        try {
            return path.toRealPath().toString();
        } catch (IOException e) {
            throw new FerryException("ENOLIBRARY", "cannot read " + path + " (" + e.getMessage() + ")");
        }
    }

    private static void checkVersion(String library) {
        if (SymbolLookup.loaderLookup().find("ferry_version").isEmpty()) {
            throw new FerryException("ENOLIBRARY",
                    library + " is not Frameferry's library: correct -D" + PATH_PROPERTY);
        }
        int version = FerryBindings.ferry_version();
        if (version != FerryBindings.FERRY_VERSION()) {
            throw new FerryException("EVERSION", library + " has version " + dotted(version) + ", this jar is of "
                    + dotted(FerryBindings.FERRY_VERSION()) + SAME_RELEASE);
        }
        int layout = FerryBindings.ferry_layout_version();
        if (layout != FerryBindings.FERRY_LAYOUT_VERSION()) {
            throw new FerryException("ELAYOUT", library + " has layout version " + layout + ", this jar needs "
                    + FerryBindings.FERRY_LAYOUT_VERSION() + SAME_RELEASE);
        }
    }

    private static String dotted(int version) {
        return version / 10000 + "." + version / 100 % 100 + "." + version % 100;
    }

    /// {@return the platform as directories in the jar are named: `linux-x86_64`}
    static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        return system + "-" + (processor.equals("amd64") ? "x86_64" : processor);
    }
}
