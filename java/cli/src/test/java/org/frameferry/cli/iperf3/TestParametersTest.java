// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients ask for: as they write it, at the limits, beyond them, and of the wrong type. */
class TestParametersTest {
    private static TestParameters parse(String json) throws TestFailure {
        try {
            return TestParameters.parse(new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRefused(ClientError error, String part, String json) {
        TestFailure failure = assertThrows(TestFailure.class, () -> parse(json));
        assertEquals(error, failure.error());
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }

    @Test
    void asTheStockClientWritesThem() throws TestFailure {
        TestParameters p = parse("""
                {"udp":true,"omit":1,"time":5,"num":0,"blockcount":0,"parallel":4,"reverse":true,"window":65536,
                 "len":1448,"bandwidth":1048576,"pacing_timer":1000,"burst":10,"udp_counters_64bit":1,
                 "get_server_output":1,"client_version":"3.12"}""");
        assertEquals(new TestParameters(5, 1, 4, true, false, 1448, 1_048_576, 10, true, true, List.of("window")), p);
        assertEquals(0, p.receiving());
        assertEquals(4, p.sending());
    }

    @Test
    void whatIsLeftOutHasADefault() throws TestFailure {
        TestParameters p = parse("{\"udp\":true}");
        assertEquals(new TestParameters(0, 0, 1, false, false, 1460, 0, 1, false, false, List.of()), p);
        assertEquals(1, p.receiving());
        assertEquals(0, p.sending());
    }

    @Test
    void bothWays() throws TestFailure {
        TestParameters p = parse("{\"udp\":true,\"bidirectional\":true,\"parallel\":3}");
        assertEquals(3, p.receiving());
        assertEquals(3, p.sending());
        assertRefused(ClientError.REVERSE_AND_BIDIRECTIONAL, "at once",
                "{\"udp\":true,\"bidirectional\":true,\"reverse\":true}");
    }

    @Test
    void otherProtocolsAreRefused() {
        assertRefused(ClientError.NO_TCP, "UDP tests only", "{\"tcp\":true,\"time\":10}");
        assertRefused(ClientError.NO_SCTP, "UDP tests only", "{\"sctp\":true}");
        assertRefused(ClientError.PARAMETERS, "no protocol", "{}");
        assertRefused(ClientError.PARAMETERS, "no protocol", "{\"udp\":false}");
    }

    @Test
    void valuesOutOfRangeAreNamedWithTheRange() throws TestFailure {
        assertEquals(86_400, parse("{\"udp\":true,\"time\":86400}").time());
        assertRefused(ClientError.DURATION, "\"time\" is 86401, must be a number from 0 to 86400",
                "{\"udp\":true,\"time\":86401}");
        assertRefused(ClientError.DURATION, "-1", "{\"udp\":true,\"time\":-1}");
        assertRefused(ClientError.OMIT, "0 to 600", "{\"udp\":true,\"omit\":601}");
        assertRefused(ClientError.STREAMS, "1 to 128", "{\"udp\":true,\"parallel\":129}");
        assertRefused(ClientError.STREAMS, "1 to 128", "{\"udp\":true,\"parallel\":0}");
        assertEquals(16, parse("{\"udp\":true,\"len\":16}").blockSize());
        assertEquals(65_507, parse("{\"udp\":true,\"len\":65507}").blockSize());
        assertRefused(ClientError.BLOCK_SIZE, "16 to 65507", "{\"udp\":true,\"len\":15}");
        assertRefused(ClientError.BLOCK_SIZE, "16 to 65507", "{\"udp\":true,\"len\":65508}");
        assertRefused(ClientError.BURST, "0 to 1000", "{\"udp\":true,\"burst\":1001}");
        assertRefused(ClientError.PARAMETERS, "bandwidth", "{\"udp\":true,\"bandwidth\":-1}");
    }

    @Test
    void hugeNumbersAndWrongTypesAreRefused() {
        for (String value : List.of("1e300", "1e999999", "123456789012345678901234567890", "-1e300", "\"5\"", "null",
                "[1]", "{\"a\":1}", "true")) {
            assertRefused(ClientError.DURATION, "time", "{\"udp\":true,\"time\":" + value + "}");
        }
        for (String value : List.of("\"true\"", "null", "[]", "{}")) {
            assertRefused(ClientError.PARAMETERS, "udp", "{\"udp\":" + value + "}");
        }
    }

    @Test
    void aLongWrongValueIsAbridged() {
        TestFailure failure = assertThrows(TestFailure.class,
                () -> parse("{\"udp\":true,\"time\":\"" + "x".repeat(60_000) + "\"}"));
        assertTrue(failure.getMessage().length() < 200);
    }
}
