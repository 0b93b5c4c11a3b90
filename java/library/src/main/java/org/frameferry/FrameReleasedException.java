// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// A frame was used, or released again, after it had been released, sent, or replaced by a later batch.
public final class FrameReleasedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    FrameReleasedException(String message) {
        super(message);
    }
}
