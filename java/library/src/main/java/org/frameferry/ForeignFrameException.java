// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// A frame or batch of one pool was given to another.
public final class ForeignFrameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    ForeignFrameException(String message) {
        super(message);
    }
}
