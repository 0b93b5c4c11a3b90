// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// A pool or bridge was used after it had been closed.
public final class ClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ClosedException(String message) {
        super(message);
    }
}
