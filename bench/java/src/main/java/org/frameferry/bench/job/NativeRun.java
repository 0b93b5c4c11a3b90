// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import org.frameferry.bench.BenchFailure;
import org.frameferry.cli.demo.Programs;
import org.frameferry.cli.iperf3.FrameferryDataPath;

/** One turn of the bare loop in C, which has nothing to warm up. One thread. */
final class NativeRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int LOOK_MILLIS = 10;
    private static final int LOOKS = 500;

    private NativeRun() {}

    /**
     * {@return what came of a flood}
     *
     * @param rate datagrams a second, 0 for as many as the sender can
     * @param count how many
     */
    static Sample measure(Job job, int rate, long count) throws IOException, Child.Ended {
        int port = freePort();
        try (Child child = new Child(Job.receiver(command(job, port)))) {
            awaitBound(port);
            Sent sent = job.send(port, rate, 1, count);
            return new Sample(sent, parse(child.lastLine())).checked(Contestant.BARE_C.title());
        }
    }

    private static List<String> command(Job job, int port) {
        return List.of(Programs.own("udp_receive"), "--address", Job.HOST, "--port", "" + port, "--receive-buffer",
                "" + job.receiveBuffer(), "--moderation-us", "" + FrameferryDataPath.MODERATION.toNanos() / 1000,
                "--until-eof");
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(Job.HOST))) {
            return socket.getLocalPort();
        }
    }

    /** Waits until the port is taken: the program says so only to people. */
    private static void awaitBound(int port) throws IOException, Child.Ended {
        for (int i = 0; i < LOOKS; i++) {
            try {
                new DatagramSocket(port, InetAddress.getByName(Job.HOST)).close();
            } catch (BindException e) {
                return;
            }
            Child.sleep(LOOK_MILLIS);
        }
        throw new BenchFailure("udp_receive did not bind port " + port);
    }

    /** {@return the counts in its line of JSON: a wrong length shows in the bytes, what came twice as out of order} */
    static Snapshot parse(String text) throws IOException {
        JsonNode report = JSON.readTree(text);
        long datagrams = report.path("datagrams").asLong();
        long cpu = report.path("cpuNs").asLong();
        return new Snapshot(datagrams, report.path("outOfOrder").asLong(),
                report.path("bytes").asLong() == datagrams * Tally.LENGTH ? 0 : datagrams, cpu, cpu);
    }
}
