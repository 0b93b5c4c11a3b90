// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.frameferry.bench.BenchFailure;

/** A program that answers in lines; its errors go to ours. One thread. */
final class Child implements AutoCloseable {
    /** By a signal that asks for it: Ctrl-C, or what a terminal that closes leads to. */
    private static final Set<Integer> ENDED = Set.of(130, 143);

    private final String command;
    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    /** A child was ended by a signal, as we are just then: what was measured so far stands. */
    static final class Ended extends Exception {
        private static final long serialVersionUID = 1;
    }

    Child(ProcessBuilder builder) throws IOException {
        command = String.join(" ", builder.command());
        process = builder.start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * {@return its next line}
     *
     * @throws BenchFailure if it ends instead
     */
    String line() throws IOException, Ended {
        String line = out.readLine();
        if (line != null) {
            return line;
        }
        try {
            int code = process.waitFor();
            if (ENDED.contains(code)) {
                throw new Ended();
            }
            throw new BenchFailure(command + " ended with exit code " + code + ": run it by itself to see why");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Ended();
        }
    }

    /** Asks for a line, and returns it. */
    String ask() throws IOException, Ended {
        in.write('\n');
        in.flush();
        return line();
    }

    /** Ends its input, which ends it, and returns what it says last. */
    String lastLine() throws IOException, Ended {
        in.close();
        return line();
    }

    /** Lets a child do something. */
    static void sleep(int millis) throws Ended {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Ended();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
