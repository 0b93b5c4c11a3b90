// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

/// A frame was written, or handed on, while another holder shares it.
public final class FrameSharedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    FrameSharedException(String message) {
        super(message);
    }
}
