// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.frameferry.bench.BenchFailure;

/** One turn of a contestant in Java: a fresh virtual machine, warmed up by a flood that does not count. One thread. */
final class JavaRun {
    /**
     * The same for every contestant, and what is best for those that care: Netty works with Unsafe and without its leak
     * detector, as benchmarks of its own do. Serial, because the process has one processor.
     */
    static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xms512m", "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Dio.netty.tryReflectionSetAccessible=true", "-Dio.netty.leakDetection.level=disabled");

    /** Far more than it takes a receiver to empty its socket. */
    private static final int LOOKS = 100;

    private JavaRun() {}

    /**
     * {@return what came of the flood that counts}
     *
     * @param rate datagrams a second
     * @param warmup how many do not count
     * @param count how many do
     * @throws UnsupportedOperationException if this machine has not what the contestant takes; the message says why
     */
    static Sample measure(Job job, Contestant contestant, int rate, long warmup, long count)
            throws IOException, Child.Ended {
        try (Child child = new Child(Job.receiver(command(job, contestant)))) {
            int port = port(child.line());
            Sent warmed = job.send(port, rate, 1, warmup);
            Snapshot before = settled(child);
            new Sample(warmed, before).checked(contestant.title());
            Sent sent = job.send(port, rate, 1 + warmed.datagrams(), count);
            Snapshot after = settled(child);
            return new Sample(sent, after.since(before)).checked(contestant.title());
        }
    }

    /**
     * {@return what was counted when no more came} What is late would be counted with the next flood: a receiver whose
     * code is still being compiled may be a tenth of a second behind.
     */
    private static Snapshot settled(Child child) throws IOException, Child.Ended {
        Snapshot last = Snapshot.parse(child.ask());
        for (int looks = 0; looks < LOOKS; looks++) {
            Job.settle();
            Snapshot next = Snapshot.parse(child.ask());
            if (next.received() == last.received()) {
                return next;
            }
            last = next;
        }
        throw new BenchFailure("datagrams come without end: another program sends to the same port");
    }

    private static List<String> command(Job job, Contestant contestant) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Receivers.class.getName(),
                contestant.title(), "" + job.receiveBuffer()));
        return command;
    }

    private static int port(String line) {
        if (line.startsWith(Receivers.UNAVAILABLE)) {
            throw new UnsupportedOperationException(line.substring(Receivers.UNAVAILABLE.length()));
        }
        return Integer.parseInt(line.substring(Receivers.PORT.length()));
    }
}
