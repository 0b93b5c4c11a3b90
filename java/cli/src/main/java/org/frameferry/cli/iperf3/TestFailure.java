// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

/** Why a test was refused or broken off: the message for our log, and what to tell the client. Immutable. */
final class TestFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final ClientError error;

    TestFailure(ClientError error, String message) {
        super(message);
        this.error = error;
    }

    /** What to tell the client. */
    ClientError error() {
        return error;
    }
}
