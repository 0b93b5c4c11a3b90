// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.frameferry.bench.BenchFailure;

/**
 * The native library of the benchmarks, `bench/native/crossing`: finds it where the build leaves it, and makes handles
 * of its functions. Static functions; any thread.
 */
public final class CrossingLibrary {
    private static final String HOME = "frameferry.home";
    private static final Path BUILT = Path.of("native", "build", "release", "libferry_crossing.so");
    private static final Path FILE = load();

    private CrossingLibrary() {}

    /** {@return where it is} */
    static Path file() {
        return FILE;
    }

    /** {@return a handle of one of its functions} */
    public static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment address = SymbolLookup.loaderLookup().find(name).orElseThrow(
                () -> new BenchFailure(FILE + " has no " + name + ": it is older than the benchmarks, build it again"));
        return Linker.nativeLinker().downcallHandle(address, descriptor, options);
    }

    /** A downcall throws nothing of its own but errors of the virtual machine. */
    public static RuntimeException unexpected(Throwable t) {
        return t instanceof RuntimeException e ? e : new IllegalStateException(t);
    }

    private static Path load() {
        Path file = find();
        System.load(file.toString());
        return file;
    }

    /** Below the repository's folder: the launcher says which it is, a fork of JMH has only its class path. */
    private static Path find() {
        String home = System.getProperty(HOME);
        for (Path folder = home != null ? Path.of(home) : ownPath(); folder != null; folder = folder.getParent()) {
            Path file = folder.resolve(BUILT);
            if (Files.isRegularFile(file)) {
                return file.toAbsolutePath();
            }
        }
        throw new BenchFailure(BUILT + " is missing: build it by ./ferry bench, with a JDK's jni.h");
    }

    private static Path ownPath() {
        try {
            return Path.of(CrossingLibrary.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new BenchFailure("the benchmarks are nowhere: " + e.getMessage());
        }
    }
}
