// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The threads of all parts. Whoever fails ends the soak. Of the main thread, but for what says otherwise. */
final class Crew {
    /** Time to send what is queued and to receive it, on a machine that is busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Part> parts;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);

    Crew(List<Part> parts) {
        this.parts = parts;
    }

    /** Starts all, and returns when each part has carried frames, or the soak is over. */
    void start() throws InterruptedException {
        for (Part part : parts) {
            for (Runnable worker : part.workers()) {
                threads.add(Thread.ofPlatform().daemon().name("soak " + part.name()).start(() -> run(part, worker)));
            }
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Part part : parts) {
            while (part.frames() == 0 && !rest(1)) {
                if (System.nanoTime() - deadline > 0) {
                    fail(part.name() + ": not a frame has come");
                }
            }
        }
    }

    private void run(Part part, Runnable worker) {
        try {
            worker.run();
        } catch (RuntimeException | Error e) {
            fail(part.name() + ": " + e);
        }
    }

    private void fail(String what) {
        failures.add(what);
        end();
    }

    /** Ends the soak. Any thread. */
    void end() {
        over.countDown();
    }

    /** {@return whether the soak is over: waits so long for that} */
    boolean rest(long millis) throws InterruptedException {
        return over.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Stops all parts, and waits for their workers. */
    void stop() throws InterruptedException {
        parts.forEach(Part::stop);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Thread thread : threads) {
            if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                failures.add(thread.getName().substring("soak ".length()) + ": a thread does not end: "
                        + List.of(thread.getStackTrace()));
            }
        }
    }

    /** {@return what failed, by part} */
    List<String> failures() {
        return List.copyOf(failures);
    }
}
