// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import org.frameferry.cli.iperf3.DataPath;
import org.frameferry.cli.iperf3.DataPathFactory;

/**
 * The bare C loop, udp_receive of the native benchmarks, in a process of its own. It counts and measures itself; our
 * iperf3 server only talks to the client and sees none of the datagrams. One thread.
 */
final class BareC implements Receiver, DataPathFactory {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int receiveBuffer;
    private volatile String report;

    BareC(int receiveBuffer) {
        this.receiveBuffer = receiveBuffer;
    }

    @Override
    public String name() {
        return Run.BARE_C;
    }

    @Override
    public String about() {
        return "recvmmsg in C, up to 64 datagrams a system call, moderated as Frameferry is: the yardstick";
    }

    @Override
    public DataPath open(InetSocketAddress bind, int blockSize) {
        return new BareCDataPath(bind, receiveBuffer, text -> report = text);
    }

    @Override
    public Run measure(Sender sender, int seconds, Runnable second) {
        Run run = new InProcess(name(), about(), this).measure(sender, seconds, second);
        try {
            JsonNode r = JSON.readTree(report);
            long datagrams = r.path("datagrams").asLong();
            return new Run(name(), run.sent(), datagrams, run.seconds(), r.path("cpuNs").asLong(),
                    datagrams / (double) Math.max(1, r.path("calls").asLong()), r.path("receiveBuffer").asLong());
        } catch (JsonProcessingException e) {
            throw new DemoFailure("what %s printed is no JSON: %s".formatted(BareCDataPath.PROGRAM,
                    e.getOriginalMessage()), e);
        }
    }
}
