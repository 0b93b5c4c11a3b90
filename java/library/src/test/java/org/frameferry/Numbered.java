// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/// Datagrams that carry their number, and bytes that follow from it: what is lost, repeated, out of order or damaged
/// shows. The lengths vary with the number. No state; any thread.
final class Numbered {
    /// Longer than any test runs: who waits for so long in vain is stopped by the test's timeout.
    static final Duration LONG = Duration.ofHours(1);

    static final int BYTES_MAX = 72;

    private static final ValueLayout.OfLong NUMBER = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Numbered() {
    }

    static int bytes(long number) {
        return Long.BYTES + (int) (number % (BYTES_MAX - Long.BYTES + 1));
    }

    private static byte filler(long number, int at) {
        return (byte) (number * 31 + at);
    }

    static ByteBuffer datagram(long number) {
        ByteBuffer datagram = ByteBuffer.allocate(bytes(number)).putLong(number);
        while (datagram.hasRemaining()) {
            datagram.put(filler(number, datagram.position()));
        }
        return datagram.flip();
    }

    /// Makes an empty frame datagram `number`.
    static Frame write(Frame frame, long number) {
        frame.put(bytes(number));
        MemorySegment.copy(MemorySegment.ofBuffer(datagram(number)), 0, frame.memory(), frame.offset(), frame.length());
        return frame;
    }

    /// {@return the number of a frame whose bytes are as they should be}
    static long read(Frame frame) {
        long number = frame.memory().get(NUMBER, frame.offset());
        assertEquals(MemorySegment.ofBuffer(datagram(number)).byteSize(), frame.length(), "length of " + number);
        assertEquals(-1, MemorySegment.mismatch(MemorySegment.ofBuffer(datagram(number)), 0, frame.length(),
                frame.memory(), frame.offset(), frame.offset() + frame.length()), "bytes of " + number);
        return number;
    }

    /// Receives datagrams `from` to `to - 1`, in that order and nothing else; the last ones stay in the batch.
    static void receive(Bridge bridge, FrameBatch batch, long from, long to) {
        for (long next = from; next < to;) {
            int n = bridge.receive(batch, LONG);
            assertTrue(n > 0, "receive: " + n + " at " + next);
            next = check(batch, next);
        }
    }

    /// The batch's frames are the datagrams from `from` on.
    ///
    /// @return the number after the last
    static long check(FrameBatch batch, long from) {
        long next = from;
        for (Frame frame : batch) {
            assertEquals(next++, read(frame));
        }
        return next;
    }

    /// Leases `n` frames, in more than one go if need be: a poller that is awake holds free ones for moments.
    static void lease(FramePool pool, FrameBatch batch, int n) {
        for (int left = n; left > 0;) {
            left -= pool.lease(batch, left);
            assertFalse(left > 0 && Thread.interrupted(), "timed out with frames missing");
        }
    }

    /// Leases frames for datagrams `from` to `to - 1` to that peer.
    static void lease(FramePool pool, FrameBatch batch, long from, long to, Peer peer) {
        int n = (int) (to - from);
        int before = batch.size();
        lease(pool, batch, n);
        for (int i = 0; i < n; i++) {
            write(batch.get(before + i), from + i).peer(peer);
        }
    }
}
