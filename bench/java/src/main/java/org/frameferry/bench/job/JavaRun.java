// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

    private static final int LOOK_MILLIS = 20;
    private static final int QUIET_LOOKS = 15;

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
            Snapshot before = settled(child, warmed.datagrams());
            new Sample(warmed, before).checked(contestant.title());
            Sent sent = job.send(port, rate, 1 + warmed.datagrams(), count);
            Snapshot after = settled(child, before.received() + sent.datagrams());
            return new Sample(sent, after.since(before)).checked(contestant.title());
        }
    }

    /**
     * {@return what was counted when all had come, or nothing more came for a while} A contestant may still read what
     * waits in its socket, or load what it reads with; what it reads later would be counted in the next flood.
     *
     * @param all the count at which nothing more can come
     */
    private static Snapshot settled(Child child, long all) throws IOException, Child.Ended {
        Snapshot last = Snapshot.parse(child.ask());
        for (int quiet = 0; quiet < QUIET_LOOKS && last.received() < all; quiet++) {
            Child.sleep(LOOK_MILLIS);
            Snapshot now = Snapshot.parse(child.ask());
            quiet = now.received() == last.received() ? quiet : 0;
            last = now;
        }
        return last;
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
