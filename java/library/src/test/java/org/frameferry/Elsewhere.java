// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

/// A part of a test that runs in another thread, and whose result or failure the test takes up. Any thread.
///
/// The methods that wait do so without a limit of their own: the timeout of the tests interrupts them.
final class Elsewhere<T> {
    /// What a test does that has no result.
    interface Action {
        void run() throws Exception;
    }

    private final FutureTask<T> task;
    private final Thread thread;

    private Elsewhere(Thread.Builder builder, Callable<T> body) {
        task = new FutureTask<>(body);
        thread = builder.start(task);
    }

    static <T> Elsewhere<T> start(Callable<T> body) {
        return new Elsewhere<>(Thread.ofPlatform().daemon().name("elsewhere"), body);
    }

    static <T> Elsewhere<T> startVirtual(Callable<T> body) {
        return new Elsewhere<>(Thread.ofVirtual().name("elsewhere"), body);
    }

    /// Runs it to its end in a thread of its own, which has ended then.
    static void run(Action body) throws Exception {
        start(() -> {
            body.run();
            return null;
        }).result();
    }

    Thread thread() {
        return thread;
    }

    /// Waits for the thread's end; throws what it threw.
    T result() throws Exception {
        try {
            T result = task.get();
            thread.join();
            return result;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    /// Waits until something that other threads do is done.
    static void until(BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            Thread.sleep(1);
        }
    }
}
