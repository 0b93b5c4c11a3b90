// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// An error that native code or the operating system reported, or that kept the native library from loading.
///
/// The message is one line and says what to do about it where that is known. [#error()] is the name that the C API uses.
public class FerryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// The name of the error.
    private final String error;

    /// Makes an exception.
    ///
    /// @param error the error's name, such as `EADDRINUSE` or `FERRY_ECORRUPT`
    /// @param message one line for a person
    public FerryException(String error, String message) {
        super(message);
        this.error = error;
    }

    /// {@return the error's name, the same as in C: `EADDRINUSE`, `FERRY_ECORRUPT`, ...}
    public String error() {
        return error;
    }

    /// The exception for a native error code.
    static FerryException of(int code, String what) {
        String name = NativeGate.errorName(code);
        return new FerryException(name, what + ": " + NativeGate.errorText(code) + " (" + name + ")" + remedy(name));
    }

    private static String remedy(String name) {
        return switch (name) {
            case "EADDRINUSE" -> "; another socket has this port: choose another, or find it with `ss -ulpn`";
            case "EACCES" -> "; ports below 1024 need CAP_NET_BIND_SERVICE: choose a higher one";
            case "EADDRNOTAVAIL" -> "; no interface of this machine has this address: see `ip address`";
            case "EAFNOSUPPORT" -> "; this machine has no IPv6, or local and remote are of different kinds";
            case "EMFILE", "ENFILE" -> "; too many open files: close some, or raise `ulimit -n`";
            case "FERRY_ENOMEM", "ENOMEM" -> "; ask for fewer or smaller frames";
            case "FERRY_EFULL" -> "; raise FramePoolBuilder.bridges, or let go of closed bridges: see Bridge.close";
            default -> "";
        };
    }
}
