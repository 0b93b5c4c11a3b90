// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.frameferry.Bridge;
import org.frameferry.CoalescingSender;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.Loop;
import org.frameferry.Peer;
import org.frameferry.Udp;
import org.junit.jupiter.api.Test;

/** What the guide shows of sending. */
@SuppressWarnings("try") // a bridge is closed under its user
class SendingTest {
    private final Duration patience = Duration.ofSeconds(1);

    @Test
    void toAPeer() throws Exception {
        byte[] payload = {1, 2, 3};
        FramePool pool = FramePool.builder().frames(256).build();
        try (Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", 0)); Datagrams datagrams = new Datagrams();
             FrameBatch batch = bridge.newBatch(64)) {
            Peer peer = Peer.of(datagrams.address());
            pool.lease(batch, 32);
            for (Frame frame : batch) {
                frame.copyIn(payload).peer(peer);
            }
            int sent = bridge.send(batch, patience);            // what was not sent stays in the batch
            assertEquals(32, sent);
            for (int i = 0; i < 32; i++) {
                assertEquals(3, datagrams.receive());
            }
        }
        Audit.close(pool);
    }

    private void echo(Bridge bridge) {
        try (FrameBatch batch = bridge.newBatch(64)) {
            while (bridge.receive(batch, patience) >= 0) {
                bridge.send(batch, patience);                   // the frames go on as they came: nothing is copied
            }
        }
    }

    @Test
    void anEcho() throws Exception {
        FramePool pool = FramePool.builder().frames(256).build();
        try (Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", 0)); Datagrams datagrams = new Datagrams()) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
                try {
                    echo(bridge);
                } catch (org.frameferry.ClosedException e) {
                    return; // closed between the two
                }
            });
            datagrams.send(bridge, 10);
            for (int i = 0; i < 10; i++) {
                assertEquals(8, datagrams.receive());
            }
            bridge.close();
            server.get();
        }
        Audit.close(pool);
    }

    @Test
    void oneByOne() {
        FramePool pool = FramePool.builder().frames(256).build();
        try (Bridge bridge = Bridge.open(pool, Loop.device()); FrameBatch batch = bridge.newBatch(64)) {
            Duration linger = Duration.ofMillis(5);
            try (CoalescingSender sender = CoalescingSender.builder(bridge).frames(16).linger(linger).open()) {
                Frame frame = pool.lease(patience).put(100);
                sender.submit(frame, patience);                 // the sender has it now; any thread may submit
            }                                                   // sends the rest
            assertEquals(1, bridge.receive(batch, patience));
        }
        Audit.close(pool);
    }
}
