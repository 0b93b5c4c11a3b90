// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.frameferry.bindings.FerryBindings;
import org.junit.jupiter.api.Test;

/// The layout of the slab, in literal numbers, as LAYOUT.md has it: read back from the memory of real pools and
/// bridges, so that the document, the C code and the Java code cannot drift apart. `test_layout.c` pins the same
/// numbers in C.
class LayoutTest {
    private static final int PAGE = 4096;

    @Test
    void constants() {
        assertEquals(3, FerryBindings.FERRY_LAYOUT_VERSION());
        assertEquals(3, FerryBindings.ferry_layout_version());
        assertEquals(0, FerryBindings.FERRY_RING_TAIL());
        assertEquals(128, FerryBindings.FERRY_RING_CACHED_HEAD());
        assertEquals(256, FerryBindings.FERRY_RING_HEAD());
        assertEquals(384, FerryBindings.FERRY_RING_CACHED_TAIL());
        assertEquals(512, FerryBindings.FERRY_RING_CONSUMER_WAITS());
        assertEquals(640, FerryBindings.FERRY_RING_PRODUCER_WAITS());
        assertEquals(1024, FerryBindings.FERRY_RING_BYTES());
        assertEquals(2056, FerryBindings.FERRY_BRIDGE_ERROR());
        assertEquals(0, FerryBindings.FERRY_META_TIMESTAMP());
        assertEquals(8, FerryBindings.FERRY_META_TAG());
        assertEquals(16, FerryBindings.FERRY_META_ADDRESS());
        assertEquals(64, FerryBindings.FERRY_META_BYTES());
        assertEquals(20, FerryBindings.FERRY_INDEX_BITS());
        assertEquals(21, FerryBindings.FERRY_OFFSET_BITS());
        assertEquals(21, FerryBindings.FERRY_LENGTH_BITS());
        assertEquals(1L << 62, FerryBindings.FERRY_ADDRESSED());
        assertEquals(20, FerryBindings.FERRY_COUNTERS());
        assertEquals(32, Peer.BYTES);
    }

    @Test
    void header() {
        try (FramePool pool = FramePool.builder().frames(100).frameSize(1500).headroom(192).ringCapacity(1024)
                .bridges(3).build(); Audits _ = Audits.of(pool)) {
            MemorySegment c = pool.control();
            assertArrayEquals("FRMFERRY".getBytes(StandardCharsets.US_ASCII),
                    c.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE));
            assertEquals(3, c.get(JAVA_INT, 8), "layout version");
            assertEquals(PAGE, c.get(JAVA_INT, 12), "header bytes");
            int blocks = 2 + 512;
            long bridgeOffset = 2 * PAGE + 41 * PAGE; // the header's page, the depot's, 514 blocks of 320 bytes
            long bridgeBytes = PAGE + 2 * 1024 * 8;
            assertEquals(bridgeOffset + 3 * bridgeBytes, c.get(JAVA_LONG, 16), "control bytes");
            assertEquals(46 * PAGE, c.get(JAVA_LONG, 24), "data bytes");
            assertEquals(bridgeOffset, c.get(JAVA_LONG, 32), "bridge offset");
            assertEquals(bridgeBytes, c.get(JAVA_LONG, 40), "bridge bytes");
            assertEquals(2 * PAGE, c.get(JAVA_LONG, 48), "block offset");
            assertEquals(blocks, c.get(JAVA_INT, 56), "blocks");
            assertEquals(100, c.get(JAVA_INT, 60), "frames");
            assertEquals(1856, c.get(JAVA_INT, 64), "stride: 64 + 192 + 1500 bytes are 28 lines, made odd");
            assertEquals(1500, c.get(JAVA_INT, 68), "frame size");
            assertEquals(192, c.get(JAVA_INT, 72), "headroom");
            assertEquals(1024, c.get(JAVA_INT, 76), "ring capacity");
            assertEquals(3, c.get(JAVA_INT, 80), "bridges");
            assertEquals(0, c.get(JAVA_INT, 84), "what follows the header");
        }
    }

    @Test
    void theSegmentsAreThoseOfTheHeader() {
        try (FramePool pool = FramePool.builder().frames(100).frameSize(1500).ringCapacity(512).build();
             Audits _ = Audits.of(pool)) {
            MemorySegment c = pool.control();
            assertEquals(c.get(JAVA_LONG, 16), c.byteSize());
            assertEquals(c.get(JAVA_LONG, 24), pool.memory().byteSize());
            assertEquals(c.address() + c.byteSize(), pool.memory().address());
            assertEquals(0, c.address() % PAGE);
            Slab.Geometry g = pool.geometry();
            assertEquals(c.get(JAVA_LONG, 32), g.bridgeOffset());
            assertEquals(c.get(JAVA_LONG, 40), g.bridgeBytes());
            assertEquals(c.get(JAVA_INT, 60), g.frames());
            assertEquals(c.get(JAVA_INT, 64), g.stride());
            assertEquals(c.get(JAVA_INT, 68), g.frameSize());
            assertEquals(c.get(JAVA_INT, 72), g.headroom());
            assertEquals(c.get(JAVA_INT, 76), g.ringCapacity());
            assertEquals(PAGE, g.rxSlots());
            assertEquals(2 * PAGE, g.txSlots(), "a ring of 512 slots takes one page");
        }
    }

    @Test
    void depotAndBlocks() {
        try (FramePool pool = FramePool.builder().frames(100).build(); Audits _ = Audits.of(pool)) {
            MemorySegment c = pool.control();
            long block = 0xFFFFFF;
            assertEquals(1, c.get(JAVA_LONG, PAGE) & block, "full: block 1, of frames 0 to 63");
            assertEquals(2, c.get(JAVA_LONG, PAGE + 128) & block, "partial: block 2, of frames 64 to 99");
            assertEquals(3, c.get(JAVA_LONG, PAGE + 256) & block, "empty: block 3 on top");
            assertEquals(0, c.get(JAVA_LONG, PAGE + 384), "starved");
            assertEquals(0, c.get(JAVA_INT, PAGE + 392), "wanted");
            int first = 2 * PAGE;
            int second = first + 320;
            assertEquals(0, c.get(JAVA_INT, first), "next");
            assertEquals(64, c.get(JAVA_INT, first + 4), "count");
            assertEquals(63, c.get(JAVA_INT, first + 8), "the bottom frame");
            assertEquals(0, c.get(JAVA_INT, first + 8 + 63 * 4), "the top frame");
            assertEquals(36, c.get(JAVA_INT, second + 4), "count");
            assertEquals(99, c.get(JAVA_INT, second + 8), "the bottom frame");
            try (FrameBatch batch = pool.newBatch(200)) {
                assertEquals(100, pool.lease(batch, 200));
                assertEquals(0, pool.lease(batch, 1));
                assertEquals(1, c.get(JAVA_INT, PAGE + 392), "wanted");
            }
        }
    }

    @Test
    void descriptor() {
        try (FramePool pool = FramePool.builder().frames(70).headroom(128).build(); Audits _ = Audits.of(pool);
             FrameBatch batch = pool.newBatch(70)) {
            assertEquals(70, pool.lease(batch, 70));
            for (int i = 0; i < 70; i++) {
                Frame frame = batch.get(i).put(300).pull(8);
                long index = frame.metadataOffset() / pool.stride();
                assertEquals(index | 200L << 20 | 292L << 41, batch.descriptors().get(i));
                assertEquals(index * pool.stride() + 200, frame.offset());
            }
        }
    }

    @Test
    void metadataLine() {
        try (FramePool pool = FramePool.builder().frames(2).build(); Audits _ = Audits.of(pool);
             FrameBatch batch = pool.newBatch(1)) {
            pool.lease(batch, 1);
            Frame frame = batch.get(0);
            MemorySegment memory = frame.memory();
            long line = frame.metadataOffset();
            memory.set(JAVA_LONG, line, 1234567890123L);
            assertEquals(1234567890123L, frame.timestamp());
            frame.tag(-5);
            assertEquals(-5, memory.get(JAVA_LONG, line + 8));
            frame.peer(Peer.of(new InetSocketAddress("127.0.0.1", 0x1234)));
            assertEquals(2, memory.get(JAVA_SHORT, line + 16), "AF_INET");
            assertEquals(0x3412, memory.get(JAVA_SHORT, line + 18), "port, in network order");
            assertEquals(0x0100007F, memory.get(JAVA_INT, line + 20), "address, in network order");
            assertEquals(64 + 128 - 64, frame.headroom(), "the line ends where the headroom begins");
        }
    }

    /// One frame goes through the tx ring, the device and the rx ring, and leaves its traces in all words of the area.
    @EachWay
    void areaOfABridge(Way way) {
        try (FramePool pool = FramePool.builder().frames(8).headroom(128).ringCapacity(512).bridges(2).build();
             Audits _ = Audits.of(pool);
             Bridge first = way.open(pool);
             Bridge second = way.open(pool);
             FrameBatch batch = second.newBatch(1)) {
            long area = pool.control().get(JAVA_LONG, 32) + pool.control().get(JAVA_LONG, 40);
            MemorySegment a = pool.control().asSlice(area);
            Numbered.lease(pool, batch, 40, 41, Peer.of(second.localAddress()));
            long sent = batch.descriptors().get(0);
            second.send(batch);
            Numbered.receive(second, batch, 40, 41);
            assertEquals(1, a.get(JAVA_LONG, 1024), "tail of tx");
            assertEquals(1, a.get(JAVA_LONG, 1024 + 256), "head of tx");
            assertEquals(sent, a.get(JAVA_LONG, PAGE + PAGE), "slot 0 of tx");
            assertEquals(1, a.get(JAVA_LONG, 0), "tail of rx");
            assertEquals(1, a.get(JAVA_LONG, 256), "head of rx");
            assertEquals(batch.descriptors().get(0), a.get(JAVA_LONG, PAGE), "slot 0 of rx");
            assertEquals(192L << 20 | 48L << 41 | 1L << 62, a.get(JAVA_LONG, PAGE) >>> 20 << 20, "where the data is, addressed");
            assertEquals(0, a.get(JAVA_INT, 2056), "error");
            int counters = 2176;
            assertEquals(1, a.get(JAVA_LONG, counters), "rx frames");
            assertEquals(48, a.get(JAVA_LONG, counters + 8), "rx bytes");
            assertEquals(1, a.get(JAVA_LONG, counters + 7 * 8), "tx frames");
            assertEquals(48, a.get(JAVA_LONG, counters + 8 * 8), "tx bytes");
            assertEquals(0, first.statistics().rxFrames());
        }
    }

    @Test
    void aClosedSlabReadsAsZeros() {
        FramePool pool = FramePool.builder().frames(4).build();
        MemorySegment control = pool.control();
        Audits.assertAtRest(pool);
        pool.close();
        assertEquals(-1, control.mismatch(MemorySegment.ofArray(new byte[(int) control.byteSize()])));
    }
}
