// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What the iperf3 client prints, as it is read. */
class Iperf3SenderTest {
    @Test
    void countsOfBothSides() {
        Sender.Sent sent = Iperf3Sender.parse("""
                {"start": {}, "end": {
                  "streams": [{"udp": {"seconds": 1.5, "packets": 1000, "lost_packets": 250}}],
                  "sum_received": {"bytes": 48000, "packets": 1000, "lost_packets": 250}}}""");
        assertEquals(new Sender.Sent(1000, 1.5, 750), sent);
    }

    @Test
    void itsErrorIsTold() {
        DemoFailure e = assertThrows(DemoFailure.class,
                () -> Iperf3Sender.parse("{\"start\": {}, \"end\": {}, \"error\": \"unable to connect\"}"));
        assertEquals("the iperf3 client gave up: unable to connect", e.getMessage());
    }

    @Test
    void whatIsNoReportIsSaidToBeNone() {
        assertThrows(DemoFailure.class, () -> Iperf3Sender.parse("{\"end\": {}}"));
        assertThrows(DemoFailure.class, () -> Iperf3Sender.parse(""));
        assertTrue(assertThrows(DemoFailure.class, () -> Iperf3Sender.parse("iperf3: {"))
                .getMessage().startsWith("what the iperf3 client printed is no JSON"));
    }
}
