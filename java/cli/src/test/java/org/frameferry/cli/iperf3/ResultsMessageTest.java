// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.frameferry.Peer;
import org.junit.jupiter.api.Test;

/** The results that are exchanged at the end. */
class ResultsMessageTest {
    private static final Peer PEER = Peer.of(new InetSocketAddress("192.0.2.1", 4000));

    private static Map<Integer, ResultsMessage.PeerCount> decode(String json) throws TestFailure {
        try {
            return ResultsMessage.decode(new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void ours() {
        StreamMeter meter = new StreamMeter(3, PEER, false);
        MemorySegment memory = Arena.ofAuto().allocate(100);
        memory.set(StreamMeter.INT, 8, 4);
        meter.record(memory, 0, 100, 0);
        JsonNode json = ResultsMessage.encode(List.of(meter), List.of(), 2.5,
                new CpuTime(500_000_000, 250_000_000), 5, "log\n");
        assertEquals(15, json.get("cpu_util_total").asDouble(), 1e-9);
        assertEquals(10, json.get("cpu_util_user").asDouble(), 1e-9);
        assertEquals(5, json.get("cpu_util_system").asDouble(), 1e-9);
        assertEquals(-1, json.get("sender_has_retransmits").asInt());
        assertEquals("log\n", json.get("server_output_text").asText());
        JsonNode stream = json.get("streams").get(0);
        assertEquals(3, stream.get("id").asInt());
        assertEquals(100, stream.get("bytes").asLong());
        assertEquals(-1, stream.get("retransmits").asInt());
        assertEquals(4, stream.get("packets").asLong());
        assertEquals(0, stream.get("omitted_packets").asLong());
        assertEquals(3, stream.get("errors").asLong());
        assertEquals(0, stream.get("omitted_errors").asLong());
        assertEquals(0, stream.get("start_time").asDouble());
        assertEquals(2.5, stream.get("end_time").asDouble());
        assertFalse(ResultsMessage.encode(List.of(meter), List.of(), 1, new CpuTime(0, 0), 1, null)
                .has("server_output_text"));
    }

    @Test
    void theirs() throws TestFailure {
        ResultsMessage.PeerCount count = decode("""
                {"streams":[{"id":3,"bytes":1,"jitter":0.5,"errors":7,"omitted_errors":2,"packets":100,
                             "omitted_packets":10}]}""").get(3);
        assertEquals(90, count.counted(50));
        assertEquals(5, count.lost());
        assertEquals(0.5, count.jitterSeconds());
        ResultsMessage.PeerCount old = decode("{\"streams\":[{\"id\":1,\"packets\":100}]}").get(1);
        assertEquals(50, old.counted(50));
        assertEquals(0, old.lost());
    }

    @Test
    void senselessOnesAreRefused() {
        for (String json : List.of("{}", "{\"streams\":1}", "{\"streams\":[1]}", "{\"streams\":[{}]}",
                "{\"streams\":[{\"id\":\"1\",\"packets\":1}]}", "{\"streams\":[{\"id\":1}]}",
                "{\"streams\":[{\"id\":1,\"packets\":null}]}", "{\"streams\":[" + "{},".repeat(256) + "{}]}")) {
            assertEquals(ClientError.RESULTS, assertThrows(TestFailure.class, () -> decode(json)).error());
        }
    }
}
