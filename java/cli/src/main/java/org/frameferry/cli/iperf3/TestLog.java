// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.util.function.Consumer;

/** The log of one test, kept for a client that asks for it with --get-server-output. Test thread only. */
final class TestLog {
    /** Bounds what the client is sent: the answer must fit into the socket's send buffer. */
    private static final int MAX_CHARACTERS = 32 << 10;

    private final String client;
    private final Consumer<String> log;
    private final StringBuilder kept = new StringBuilder();
    private boolean cut;

    TestLog(String client, Consumer<String> log) {
        this.client = client;
        this.log = log;
    }

    void line(String text) {
        log.accept(client + ": " + text);
        if (kept.length() + text.length() < MAX_CHARACTERS) {
            kept.append(text).append('\n');
        } else {
            cut = true;
        }
    }

    /** What was logged so far. */
    String text() {
        return cut ? kept + "... the log goes on\n" : kept.toString();
    }
}
