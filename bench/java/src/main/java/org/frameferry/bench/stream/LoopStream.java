// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import org.frameferry.Bridge;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;

/**
 * The public API as users have it: frames leased, written, sent over a bridge, received, read, given back by the next
 * receive. Even a descriptor's frame has its number written into it. One thread sends, one receives.
 */
final class LoopStream extends Stream {
    private final FramePool pool;
    private final Bridge bridge;
    private final FrameBatch sent;
    private final FrameBatch received;
    private final int payload;

    /**
     * @param bridge over a loop
     */
    LoopStream(FramePool pool, Bridge bridge, int batch, int payload) {
        this.pool = pool;
        this.bridge = bridge;
        this.payload = payload;
        sent = pool.newBatch(batch);
        received = pool.newBatch(batch);
    }

    @Override
    int send(long next, int n) {
        if (sent.isEmpty()) {
            int leased = pool.lease(sent, n);
            for (int i = 0; i < leased; i++) {
                Frame frame = sent.get(i).put(payload);
                Payload.write(frame.memory(), frame.offset(), payload / 8, next + i);
            }
        }
        return bridge.send(sent);
    }

    @Override
    int receive(long next, int n) {
        int count = bridge.receive(received);
        for (int i = 0; i < count; i++) {
            Frame frame = received.get(i);
            if (!Payload.read(frame.memory(), frame.offset(), payload / 8, next + i)) {
                throw outOfOrder(next + i);
            }
        }
        return count;
    }

    @Override
    public void close() {
        sent.release();
        received.release();
        bridge.close();
    }
}
