// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.frameferry.Bridge;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.Udp;
import org.frameferry.WaitStrategy;
import org.junit.jupiter.api.Test;

/** What the guide shows of waiting and tuning. */
@SuppressWarnings("try") // a bridge is closed under its user
class WaitingTest {
    private static void takeTurns(Bridge bridge) throws Exception {
        try (Datagrams datagrams = new Datagrams(); FrameBatch batch = bridge.newBatch(64)) {
            datagrams.send(bridge, 20);
            for (int received = 0; received < 20; received += batch.size()) {
                bridge.receive(batch, Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void inline() throws Exception {
        FramePool pool = FramePool.builder().frames(256).build();
        try (Bridge bridge = Bridge.builder(pool, Udp.bind("127.0.0.1", 0))
                .mode(Bridge.Mode.INLINE)
                .open()) {
            takeTurns(bridge);
        }
        Audit.close(pool);
    }

    @Test
    void everySetting() throws Exception {
        FramePool pool = FramePool.builder().frames(4096).frameSize(2048).ringCapacity(1024).build();
        Bridge bridge = Bridge.builder(pool, Udp.bind("127.0.0.1", 0).receiveBuffer(8 << 20))
                .crossing(Bridge.Crossing.MAPPED)
                .waitStrategy(WaitStrategy.YIELD)
                .budget(128)
                .moderation(Duration.ofNanos(50_000))
                .open();
        takeTurns(bridge);
        bridge.close();
        Audit.close(pool);
    }

    @Test
    void aVirtualThread() throws Exception {
        FramePool pool = FramePool.builder().frames(256).build();
        try (Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", 0)); Datagrams datagrams = new Datagrams()) {
            CompletableFuture<Integer> received = new CompletableFuture<>();
            Thread receiver = Thread.ofVirtual().start(() -> {
                try (FrameBatch batch = bridge.newBatch(64)) {
                    received.complete(bridge.receive(batch, Duration.ofMinutes(1))); // parks; its carrier is free
                }
            });
            datagrams.send(bridge, 1);
            assertEquals(1, received.get());
            receiver.join();
        }
        Audit.close(pool);
    }
}
