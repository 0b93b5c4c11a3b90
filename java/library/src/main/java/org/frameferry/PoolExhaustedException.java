// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// No frame of the pool is free. Retry after giving some back.
public final class PoolExhaustedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    PoolExhaustedException(String message) {
        super(message);
    }
}
