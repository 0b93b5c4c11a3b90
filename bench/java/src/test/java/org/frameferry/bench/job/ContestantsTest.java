// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each contestant, from end to end, with little traffic. */
class ContestantsTest {
    private static final int RATE = 100_000;
    private static final int COUNT = 1000;

    @BeforeAll
    static void home() {
        System.setProperty("frameferry.home", Path.of("..", "..").toAbsolutePath().normalize().toString());
    }

    @AfterAll
    static void noHome() {
        System.clearProperty("frameferry.home");
    }

    @ParameterizedTest
    @EnumSource
    void receivedAndLostAreSent(Contestant contestant) throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "one processor for two");
        Sample sample = measure(contestant);
        assertEquals(COUNT, sample.sent().datagrams());
        assertEquals(COUNT, sample.counted().received() + sample.loss() / 100 * COUNT, 1e-6);
        assertTrue(sample.counted().threadNanos() > 0, sample.toString());
        assertTrue(sample.counted().threadNanos() <= sample.counted().processNanos(), sample.toString());
    }

    private static Sample measure(Contestant contestant) throws IOException, Child.Ended {
        try {
            return contestant.isJava() ? JavaRun.measure(Job.here(), contestant, RATE, COUNT, COUNT)
                    : NativeRun.measure(Job.here(), RATE, COUNT);
        } catch (UnsupportedOperationException e) {
            return abort(e.getMessage());
        }
    }

    @Test
    void theClockOfAThreadIsItsOwn() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().name("clock-of-mine").start(() -> {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < 10_000_000) {
                Thread.onSpinWait();
            }
            done.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        done.await();
        long nanos = ThreadClocks.ofThreads(List.of("clock-of"));
        end.countDown();
        thread.join();
        assertTrue(nanos > 0 && nanos <= ThreadClocks.process(), "" + nanos);
        assertEquals(0, ThreadClocks.ofThreads(List.of("nobody")));
    }
}
