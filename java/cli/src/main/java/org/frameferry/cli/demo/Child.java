// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A program that we run: its output collected, its end awaited, and it never outlives us. One thread; {@link #close}
 * may be called by any.
 */
final class Child implements AutoCloseable {
    private static final Duration GENTLE = Duration.ofSeconds(2);

    private final String name;
    private final Process process;
    private final StringBuffer out = new StringBuffer();
    private final StringBuffer error = new StringBuffer();
    private final Thread outReader;
    private final Thread errorReader;
    private final Thread killer;
    private final CountDownLatch ready = new CountDownLatch(1);

    /**
     * Starts a program.
     *
     * @param readyText what it prints in the line that says it is ready; null if nothing waits for that
     */
    Child(List<String> command, String readyText) {
        name = command.get(0);
        try {
            process = new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new DemoFailure("cannot run " + name + ": " + e.getMessage(), e);
        }
        killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
        outReader = read(process.inputReader(StandardCharsets.UTF_8), line -> keep(out, line, readyText));
        errorReader = read(process.errorReader(StandardCharsets.UTF_8), line -> keep(error, line, readyText));
    }

    private static Thread read(BufferedReader reader, Consumer<String> each) {
        return Thread.ofPlatform().daemon().name("ferry-demo-output").start(() -> {
            try (reader) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    each.accept(line);
                }
            } catch (IOException e) {
                // the program was killed while it wrote: what it said so far is kept
            }
        });
    }

    private void keep(StringBuffer kept, String line, String readyText) {
        kept.append(line).append('\n');
        if (readyText != null && line.contains(readyText)) {
            ready.countDown();
        }
    }

    long pid() {
        return process.pid();
    }

    /** Waits for the line that says the program is ready. */
    void awaitReady(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (!ready.await(20, TimeUnit.MILLISECONDS)) {
                if (!process.isAlive()) {
                    join();
                    throw new DemoFailure(name + " did not start: " + lastWords());
                }
                if (System.nanoTime() > deadline) {
                    close();
                    throw new DemoFailure(name + " was not ready after " + patience.toSeconds() + " s");
                }
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits for the end; each second that passes is told. Killed when the time is over. */
    int await(Duration limit, Runnable second) {
        long start = System.nanoTime();
        long next = start;
        try {
            while (System.nanoTime() - start < limit.toNanos()) {
                next += Duration.ofSeconds(1).toNanos();
                if (process.waitFor(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    join();
                    return process.exitValue();
                }
                second.run();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        close();
        throw new DemoFailure(name + " did not end within " + limit.toSeconds() + " s, and was stopped");
    }

    private DemoFailure interrupted(InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        return new DemoFailure("interrupted while " + name + " ran", e);
    }

    private void join() throws InterruptedException {
        outReader.join();
        errorReader.join();
        forget();
    }

    /** Closes the program's standard input, its sign to end, and waits for that. */
    void finish() {
        try {
            process.outputWriter().close();
            if (process.waitFor(GENTLE.toMillis(), TimeUnit.MILLISECONDS)) {
                join();
            }
        } catch (IOException e) {
            // it has closed its end: it is ending already
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        close();
    }

    /** {@return what it has printed so far} */
    String output() {
        return out.toString();
    }

    /** {@return the last line it said, on standard error or else on standard output} */
    String lastWords() {
        String all = error.isEmpty() ? out.toString().strip() : error.toString().strip();
        return all.isEmpty() ? "it said nothing" : all.substring(all.lastIndexOf('\n') + 1);
    }

    /** Ends the program if it runs. */
    @Override
    public void close() {
        process.destroyForcibly();
        forget();
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // we are shutting down: the hook does its work
        }
    }
}
