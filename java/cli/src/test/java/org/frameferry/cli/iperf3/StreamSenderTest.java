// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.util.List;
import org.frameferry.Peer;
import org.junit.jupiter.api.Test;

/** Pace and numbering of the reverse direction. */
class StreamSenderTest {
    private static final Peer PEER = Peer.of(new InetSocketAddress("192.0.2.1", 4000));
    private static final long MILLI = 1_000_000;

    private final RecordingPath path = new RecordingPath();

    /** 1000-byte datagrams: at 8 Mbit/s one each millisecond. */
    private static StreamSender sender(long bandwidth, int burst, boolean counters64) {
        return new StreamSender(1, PEER, new TestParameters(1, 0, 1, true, false, 1000, bandwidth, burst, counters64,
                false, List.of()));
    }

    @Test
    void keepsToTheBandwidth() {
        StreamSender sender = sender(8_000_000, 1, false);
        sender.sendDue(path, 0);
        assertEquals(1, sender.packets());
        sender.sendDue(path, MILLI / 2);
        assertEquals(1, sender.packets());
        sender.sendDue(path, MILLI * 3 / 2);
        assertEquals(2, sender.packets());
        sender.sendDue(path, MILLI * 21 / 2);
        assertEquals(11, sender.packets());
        assertEquals(11_000, sender.bytes());
    }

    @Test
    void sendsInBursts() {
        StreamSender sender = sender(8_000_000, 10, false);
        sender.sendDue(path, 0);
        assertEquals(10, sender.packets());
        sender.sendDue(path, 9 * MILLI);
        assertEquals(10, sender.packets());
        sender.sendDue(path, 11 * MILLI);
        assertEquals(20, sender.packets());
    }

    @Test
    void withoutBandwidthItSendsWheneverAsked() {
        StreamSender sender = sender(0, 1, false);
        sender.sendDue(path, 0);
        sender.sendDue(path, 0);
        assertEquals(128, sender.packets());
    }

    @Test
    void whatFindsNoRoomIsNumberedAgain() {
        StreamSender sender = sender(0, 1, false);
        path.room(3);
        sender.sendDue(path, 0);
        sender.sendDue(path, 0);
        assertEquals(6, sender.packets());
        assertEquals(List.of("00000001", "00000002", "00000003", "00000004", "00000005", "00000006"),
                path.sent().stream().map(s -> s.substring(5 + 16, 5 + 24)).toList());
    }

    @Test
    void sixtyFourBitNumbers() {
        sender(8_000_000, 1, true).sendDue(path, 0);
        assertEquals("0000000000000001", path.sent().getFirst().substring(5 + 16, 5 + 32));
    }

    @Test
    void theOmittedStartIsLeftOut() {
        StreamSender sender = sender(8_000_000, 1, false);
        sender.sendDue(path, 4 * MILLI);
        sender.endOmitted();
        sender.sendDue(path, 6 * MILLI);
        assertEquals(5, sender.omittedPackets());
        assertEquals(7, sender.packets());
        assertEquals(2, sender.sent());
        assertEquals(2000, sender.bytes());
    }
}
