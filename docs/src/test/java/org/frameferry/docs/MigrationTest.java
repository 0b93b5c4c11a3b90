// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.frameferry.Bridge;
import org.frameferry.Frame;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;
import org.frameferry.Loop;
import org.junit.jupiter.api.Test;

/** What the notes on migration show: before and after, and that both do the same. */
class MigrationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MESSAGE = 1;

    private int sum;

    private void handle(byte[] packet, int length) {
        sum += length;
    }

    private void handle(MemorySegment memory, long offset, int length) {
        sum += length;
    }

    /** Native code of one's own, one packet a call. */
    interface Source {
        int next(byte[] packet);
    }

    private void fromJni(Source source) {
        byte[] packet = new byte[2048];
        int length;
        while ((length = source.next(packet)) >= 0) { // a native method: one crossing and one copy for each
            handle(packet, length);
        }
    }

    private void receive(Bridge bridge) {
        try (FrameBatch batch = bridge.newBatch(64)) {
            while (bridge.receive(batch, PATIENCE) >= 0) { // one crossing for up to 64, and no copy
                for (Frame frame : batch) {
                    handle(frame.memory(), frame.offset(), frame.length());
                }
            }
        }
    }

    @Test
    void jni() {
        int[] left = {3};
        fromJni(packet -> left[0]-- > 0 ? 100 : -1);
        assertEquals(300, sum);
        FramePool pool = FramePool.builder().frames(64).build();
        Bridge bridge = Bridge.open(pool, Loop.device());
        try (FrameBatch batch = pool.newBatch(3)) {
            pool.lease(batch, 3);
            batch.forEach(frame -> frame.put(100));
            bridge.send(batch);
        }
        Thread.ofPlatform().start(() -> {
            while (bridge.statistics().rxQueued() != 0) {
                Thread.onSpinWait();
            }
            bridge.close();
        });
        receive(bridge);
        assertEquals(600, sum);
        Audit.close(pool);
    }

    @Test
    void netty() {
        byte[] payload = {1, 2, 3};
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(2048);
        buffer.writerIndex(16).readerIndex(16);       // room for a header
        buffer.writeBytes(payload);
        buffer.readerIndex(12).setInt(12, payload.length);
        ByteBuf kept = buffer.retainedDuplicate();
        buffer.release();
        assertEquals(7, kept.readableBytes());
        kept.release();

        FramePool pool = FramePool.builder().frames(1024).frameSize(2048).headroom(128).build();
        Frame frame = pool.lease();                   // with the pool's headroom
        frame.copyIn(payload).push(4);
        frame.memory().set(ValueLayout.JAVA_INT_UNALIGNED, frame.offset(), payload.length);
        Frame other = frame.share();
        frame.release();
        assertEquals(7, other.length());
        other.release();
        Audit.close(pool);
    }

    @Test
    void agrona() {
        OneToOneRingBuffer ring = new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect((1 << 16) + RingBufferDescriptor.TRAILER_LENGTH)));
        int index = ring.tryClaim(MESSAGE, 100);      // the payload is in the ring
        ring.buffer().putLong(index, 7);
        ring.commit(index);
        ring.read((type, buffer, at, length) -> sum += (int) buffer.getLong(at));
        assertEquals(7, sum);

        FramePool pool = FramePool.builder().frames(1024).frameSize(128).build();
        Bridge loop = Bridge.builder(pool, Loop.device()).crossing(Bridge.Crossing.MAPPED).open();
        FrameBatch claimed = loop.newBatch(64);       // of the thread that sends
        FrameBatch received = loop.newBatch(64);      // of the one that receives
        pool.lease(claimed, 1);                       // the payload is in a frame; a descriptor goes through the ring
        Frame frame = claimed.get(0).put(100);
        frame.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, frame.offset(), 7);
        loop.send(claimed);
        loop.receive(received, PATIENCE);
        for (Frame each : received) {
            sum += (int) each.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, each.offset());
        }
        received.release();
        assertEquals(14, sum);
        loop.close();
        Audit.close(pool);
    }
}
