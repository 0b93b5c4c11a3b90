// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;

/**
 * What sends where there is no iperf3: udp_send of the native benchmarks, which does as iperf3 does, one datagram a
 * system call, and talks to nobody. One thread.
 */
final class BuiltInSender implements Sender {
    static final String PROGRAM = "udp_send";
    private static final int OVERTIME_SECONDS = 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "built-in (" + PROGRAM + "), " + Demo.DATAGRAM_BYTES + "-byte datagrams";
    }

    @Override
    public boolean speaksIperf3() {
        return false;
    }

    @Override
    public Sent send(int port, int seconds, Runnable second) {
        try (Child program = new Child(List.of(Programs.own(PROGRAM), "--address", Demo.HOST, "--port", "" + port,
                "--length", "" + Demo.DATAGRAM_BYTES, "--seconds", "" + seconds), null)) {
            int exit = program.await(Duration.ofSeconds(seconds + OVERTIME_SECONDS), second);
            if (exit != 0) {
                throw new DemoFailure(program.lastWords());
            }
            JsonNode report = JSON.readTree(program.output());
            return new Sent(report.path("sent").asLong(), report.path("seconds").asDouble(), -1);
        } catch (JsonProcessingException e) {
            throw new DemoFailure("what " + PROGRAM + " printed is no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
