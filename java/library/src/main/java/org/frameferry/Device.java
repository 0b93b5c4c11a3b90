// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.nio.file.Path;

/// Describes a source or sink of frames; [Bridge#open(FramePool, Device)] opens it.
public sealed interface Device permits Udp, SimulatedNic, Loop, LoadedDevice, JavaDevice {
    /// Loads a device of your own: a shared library in C, or in any language that can call like it, that exports a
    /// `struct ferry_device_ops` of `frameferry/device.h`. `native/examples/device` is one to copy.
    ///
    /// The library is loaded at once and stays until the process ends; its device is opened with the bridge, once for
    /// each. Its table is checked then, and what it returns is checked always; but it is native code in this process,
    /// and can crash it. Load only what you trust. Any thread.
    ///
    /// ```java
    /// Device metronome = Device.load(Path.of("libmetronome.so"), "metronome", "1000000");
    /// ```
    ///
    /// @param library the file
    /// @param symbol the name of the table that it exports
    /// @param config what the device's author says that it takes; may be empty
    /// @return a device, for any number of bridges if its author allows for it
    /// @throws FerryException `ENOLIBRARY` if there is no such file or it does not load, for another processor's sake
    ///        perhaps; `ENOSYMBOL` if it has no such symbol
    /// @throws IllegalArgumentException if `config` contains the character 0, which would end it in C
    static Device load(Path library, String symbol, String config) {
        return LoadedDevice.load(library, symbol, config);
    }
}
