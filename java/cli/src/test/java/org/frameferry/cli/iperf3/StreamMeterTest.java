// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.frameferry.Peer;
import org.junit.jupiter.api.Test;

/** Loss, order and jitter against figures worked out by hand. */
class StreamMeterTest {
    private static final Peer PEER = Peer.of(new InetSocketAddress("192.0.2.1", 4000));
    /** A datagram that begins at an odd offset, as one behind a header may. */
    private static final long OFFSET = 3;
    private static final int LENGTH = 64;

    private final MemorySegment memory = Arena.ofAuto().allocate(128, 8);
    private StreamMeter meter = new StreamMeter(1, PEER, false);

    private void receive32(long number, long sentMicros, long arrivalMicros) {
        stamp(sentMicros);
        memory.set(StreamMeter.INT, OFFSET + 8, (int) number);
        meter.record(memory, OFFSET, LENGTH, arrivalMicros * 1000);
    }

    private void receive64(long number) {
        stamp(0);
        memory.set(StreamMeter.LONG, OFFSET + 8, number);
        meter.record(memory, OFFSET, LENGTH, 0);
    }

    private void stamp(long sentMicros) {
        memory.set(StreamMeter.INT, OFFSET, (int) (sentMicros / 1_000_000));
        memory.set(StreamMeter.INT, OFFSET + 4, (int) (sentMicros % 1_000_000));
    }

    private void receiveAll(long... numbers) {
        for (long number : numbers) {
            receive32(number, 0, 0);
        }
    }

    private void assertCounts(long packets, long datagrams, long errors, long outOfOrder) {
        assertEquals(packets, meter.packets(), "packets");
        assertEquals(datagrams, meter.datagrams(), "datagrams");
        assertEquals(datagrams * LENGTH, meter.bytes(), "bytes");
        assertEquals(errors, meter.errors(), "errors");
        assertEquals(outOfOrder, meter.outOfOrder(), "out of order");
    }

    @Test
    void inOrderNothingIsLost() {
        receiveAll(1, 2, 3, 4);
        assertCounts(4, 4, 0, 0);
    }

    @Test
    void aGapIsALossOfWhatLiesBetween() {
        receiveAll(1, 2, 6);
        assertCounts(6, 3, 3, 0);
    }

    @Test
    void theFirstOnesCanBeLost() {
        receiveAll(5, 6);
        assertCounts(6, 2, 4, 0);
    }

    @Test
    void aLateOneTakesOneLossBack() {
        receiveAll(1, 3, 2, 4);
        assertCounts(4, 4, 0, 1);
        receiveAll(8, 6, 5);
        assertCounts(8, 7, 1, 3);
    }

    /** As iperf3: it cannot tell a doubled one from a late one. */
    @Test
    void aDoubledOneIsOutOfOrderAndTakesALossBackIfThereIsOne() {
        receiveAll(1, 2, 2);
        assertCounts(2, 3, 0, 1);
        receiveAll(5, 5);
        assertCounts(5, 5, 1, 2);
    }

    @Test
    void thirtyTwoBitNumbersWrap() {
        meter = new StreamMeter(1, PEER, true);
        receive64(0xFFFF_FFFEL);
        assertEquals(0xFFFF_FFFDL, meter.errors());
        meter = new StreamMeter(1, PEER, false);
        long number = 0;
        for (long step : new long[] {0x4000_0000L, 0x4000_0000L, 0x4000_0000L, 0x3FFF_FFFEL}) {
            number += step;
            receiveAll(number);
        }
        long lost = number - 4;
        assertCounts(0xFFFF_FFFEL, 4, lost, 0);
        receiveAll(0xFFFF_FFFFL, 0x1_0000_0000L, 0x1_0000_0001L, 0xFFFF_FFFFL);
        assertCounts(0x1_0000_0001L, 8, lost - 1, 1);
    }

    @Test
    void sixtyFourBitNumbersAreTakenWhole() {
        meter = new StreamMeter(1, PEER, true);
        receive64(1);
        receive64(0x1_0000_0000L);
        assertCounts(0x1_0000_0000L, 2, 0xFFFF_FFFEL, 0);
    }

    /** A header that does not fit is no datagram of the test: 12 bytes, or 16 with 64-bit numbers. */
    @Test
    void shortOnesAreNotCounted() {
        meter.record(memory, OFFSET, 11, 0);
        meter.record(memory, OFFSET, 0, 0);
        assertCounts(0, 0, 0, 0);
        assertEquals(2, meter.malformed());
        meter = new StreamMeter(1, PEER, true);
        meter.record(memory, OFFSET, 15, 0);
        assertEquals(1, meter.malformed());
        meter.record(memory, OFFSET, 16, 0);
        assertEquals(1, meter.malformed());
    }

    /** D = 0, 160, 320, 160 us; J = J + (|D| - J) / 16: 10, then 10 + 310/16 = 29.375, then 29.375 + 130.625/16. */
    @Test
    void jitterIsThatOfRfc3550() {
        receive32(1, 1000, 5000);
        assertEquals(0, meter.jitterSeconds());
        receive32(2, 2000, 6160);
        assertEquals(10e-6, meter.jitterSeconds(), 1e-10);
        receive32(3, 3000, 6840);
        assertEquals(29.375e-6, meter.jitterSeconds(), 1e-10);
        receive32(4, 4000, 8000);
        assertEquals(37.5390625e-6, meter.jitterSeconds(), 1e-10);
    }

    /** The clocks of sender and receiver need not agree, nor the second be the same. */
    @Test
    void jitterIsIndependentOfTheClocks() {
        receive32(1, 3_999_999_999L * 1_000_000 + 999_999, 5);
        receive32(2, 3_999_999_999L * 1_000_000 + 999_999, 165);
        assertEquals(10e-6, meter.jitterSeconds(), 1e-10);
    }

    @Test
    void theOmittedStartIsLeftOut() {
        receive32(1, 0, 0);
        receive32(4, 0, 900);
        receive32(3, 0, 0);
        meter.endOmitted();
        assertEquals(0, meter.jitterSeconds());
        receive32(5, 1000, 1000);
        receive32(8, 2000, 2160);
        assertEquals(8, meter.packets());
        assertEquals(4, meter.omittedPackets());
        assertEquals(3, meter.errors());
        assertEquals(1, meter.omittedErrors());
        assertEquals(0, meter.outOfOrder());
        assertEquals(2, meter.datagrams());
        assertEquals(2 * LENGTH, meter.bytes());
        assertEquals(10e-6, meter.jitterSeconds(), 1e-10);
    }
}
