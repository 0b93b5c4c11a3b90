// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import org.frameferry.bindings.FerryBindings;

/// What can be said of the library itself. Any thread.
public final class Frameferry {
    private Frameferry() {
    }

    /// How the native library was found.
    ///
    /// @param library the file it was loaded from, or `jar:` and the resource
    /// @param layoutVersion version of the shared-memory layout, the same in Java and C
    /// @param platform system and processor, as the jar names them
    public record Diagnosis(String library, int layoutVersion, String platform) {
    }

    /// {@return how the native library was found, after loading it if need be}
    ///
    /// @throws FerryException if it cannot be loaded; the message says why and what to do
    public static Diagnosis diagnose() {
        return new Diagnosis(NativeLibrary.require(), FerryBindings.ferry_layout_version(), NativeLibrary.platform());
    }
}
