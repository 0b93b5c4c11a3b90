// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import org.frameferry.FerryException;

/** What keeps a benchmark from running, in one clear line with the remedy. Any thread. */
public final class BenchFailure extends FerryException {
    private static final long serialVersionUID = 1;

    public BenchFailure(String message) {
        super("EBENCH", message);
    }

    public BenchFailure(String message, Throwable cause) {
        super("EBENCH", message);
        initCause(cause);
    }
}
