// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.Inside;

/**
 * Our ring and our pool: the sender leases frames and writes them, the receiver reads them and gives them back. One
 * thread sends, one receives.
 */
final class FrameStream extends Stream {
    private final FramePool pool;
    private final RingEnd out;
    private final RingEnd in;
    private final FrameBatch sent;
    private final FrameBatch received;
    private final int payload;

    /**
     * @param out null where C sends
     * @param in null where C receives
     */
    FrameStream(FramePool pool, RingEnd out, RingEnd in, int batch, int payload) {
        this.pool = pool;
        this.out = out;
        this.in = in;
        this.payload = payload;
        sent = pool.newBatch(batch);
        received = pool.newBatch(batch);
    }

    @Override
    int send(long next, int n) {
        if (sent.isEmpty()) {
            fill(next, pool.lease(sent, n));
        }
        int count = sent.size() == 0 ? 0 : out.push(Inside.descriptors(sent), sent.size());
        Inside.sent(sent, count);
        return count;
    }

    private void fill(long next, int n) {
        for (int i = 0; i < n; i++) {
            Frame frame = sent.get(i);
            frame.put(payload);
            Payload.write(frame.memory(), frame.offset(), payload / 8, next + i);
        }
    }

    @Override
    int receive(long next, int n) {
        int count = in.pop(Inside.descriptors(received), n);
        Inside.received(received, Math.max(0, count));
        for (int i = 0; i < count; i++) {
            Frame frame = received.get(i);
            if (!Payload.read(frame.memory(), frame.offset(), payload / 8, next + i)) {
                throw outOfOrder(next + i);
            }
        }
        received.release();
        return count;
    }

    /** Gives back what neither end has got to: after a failure, a pool could not be closed otherwise. */
    @Override
    public void close() {
        sent.release();
        received.release();
        while (in != null) {
            int count = in.pop(Inside.descriptors(received), received.capacity());
            if (count <= 0) {
                return;
            }
            Inside.received(received, count);
            received.release();
        }
    }
}
