// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// A pool cannot be closed while frames of it are leased. The message says how many; where the tracked ones of them were
/// leased is attached as suppressed exceptions.
public final class LeasesOutstandingException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    LeasesOutstandingException(String message) {
        super(message);
    }
}
