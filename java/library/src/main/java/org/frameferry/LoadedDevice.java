// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.frameferry.bindings.FerryBindings;
import org.frameferry.bindings.ferry_device;

/// A device from somebody's shared library: a table of functions, and what to open it with. Immutable; any thread.
final class LoadedDevice implements Device {
    private final MemorySegment operations;
    private final String config;
    private final String name;

    private LoadedDevice(MemorySegment operations, String config, String name) {
        this.operations = operations;
        this.config = config;
        this.name = name;
    }

    static LoadedDevice load(Path library, String symbol, String config) {
        Objects.requireNonNull(symbol, "symbol");
        if (config.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("config has a character 0 at " + config.indexOf('\0')
                    + ", where it would end in C");
        }
        Path file = library.toAbsolutePath();
        NativeLibrary.require();
        MemorySegment operations = open(file).find(symbol).orElseThrow(() -> new FerryException("ENOSYMBOL",
                file + " exports no " + symbol + ": `nm -D` lists what it exports"));
        return new LoadedDevice(operations, config, symbol + " of " + file);
    }

    /// For ever: nobody can tell when the last thread has left the library's code.
    private static SymbolLookup open(Path file) {
        try {
            String flaw = Files.isRegularFile(file) ? ElfFile.flaw(file) : "is no file";
            if (flaw != null) {
                throw new FerryException("ENOLIBRARY", "cannot load a device: " + file + " " + flaw);
            }
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IOException e) {
            throw new FerryException("ENOLIBRARY", "cannot load a device: " + file + " cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            throw new FerryException("ENOLIBRARY", "cannot load a device: " + reason(file));
        }
    }

    /// A look-up does not say why it failed. Loading in the manner of JNI fails for the same reason, and does.
    private static String reason(Path file) {
        try {
            System.load(file.toString());
            return file + " was being written: try again";
        } catch (UnsatisfiedLinkError e) {
            return e.getMessage();
        }
    }

    /// {@return the native device, opened; in memory of the arena, of which a bridge makes its own copy}
    MemorySegment open(Arena arena) {
        MemorySegment device = arena.allocate(ferry_device.layout());
        NativeGate.check(FerryBindings.ferry_device_open(operations, arena.allocateFrom(config), device),
                "cannot open " + this + (config.isEmpty() ? "" : " with \"" + config + "\""));
        return device;
    }

    @Override
    public String toString() {
        return name;
    }
}
