// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import org.frameferry.FerryException;

/** What keeps the demo or one of its receivers from running, in one clear line with the remedy. Any thread. */
final class DemoFailure extends FerryException {
    private static final long serialVersionUID = 1;

    DemoFailure(String message) {
        super("EDEMO", message);
    }

    DemoFailure(String message, Throwable cause) {
        this(message);
        initCause(cause);
    }
}
