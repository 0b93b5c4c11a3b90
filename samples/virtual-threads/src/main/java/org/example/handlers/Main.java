// SPDX-License-Identifier: Apache-2.0
package org.example.handlers;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.frameferry.Bridge;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.Udp;

/// A virtual thread receives, and each frame is handled in one of its own, which may block. Arguments: the port, 0 for
/// any; how many frames to wait for.
final class Main {
    private Main() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        try (FramePool pool = FramePool.builder().build()) {
            try (Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", Integer.parseInt(arguments[0])))) {
                System.out.println("receiving at " + bridge.localAddress());
                Thread.ofVirtual().start(() -> receive(bridge, Integer.parseInt(arguments[1]))).join();
            }
            System.out.println(pool.audit());
        }
    }

    /// Parks while nothing comes; its carrier is free meanwhile. Returns when all handlers have.
    private static void receive(Bridge bridge, int frames) {
        try (ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
             FrameBatch batch = bridge.newBatch(64)) {
            for (int left = frames; left > 0;) {
                left -= bridge.receive(batch, Duration.ofDays(1));
                while (!batch.isEmpty()) {
                    Frame frame = batch.detach(0); // outlives the batch
                    handlers.execute(() -> handle(frame));
                }
            }
        }
    }

    private static void handle(Frame frame) {
        try (frame) {
            Thread.sleep(10); // asks a database, say
            System.out.println(frame.length() + " bytes handled in " + Thread.currentThread());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
