// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.frameferry.bench.stream.Cores;
import org.frameferry.cli.demo.Machine;
import org.frameferry.cli.demo.Programs;

/**
 * The datagrams that all contestants are offered, and the sender of them. One thread; the processes that it starts are
 * ended by whoever ends ours.
 *
 * @param receiveBuffer bytes that every receiver asks the kernel for, who grants as much to anybody
 */
record Job(int receiveBuffer) {
    static final String HOST = "127.0.0.1";
    /**
     * Datagrams in one of the sender's calls, as a network card's interrupt brings several. Less than a receiver takes
     * at once: bursts that fill a batch say that there may be more, and each is followed by a call in vain.
     */
    private static final int BURST = DatagramReceiver.BATCH / 2;
    private static final int RECEIVE_BUFFER = 4 << 20;
    /** The loop in C is through with what has arrived by now; of the others it is looked at. */
    private static final int SETTLE_MILLIS = 50;
    private static final int ROUND_TRIP_MILLIS = 5;

    /** {@return on this machine} */
    static Job here() {
        long limit = Machine.here().receiveBufferLimit();
        return new Job((int) (limit == 0 ? RECEIVE_BUFFER : Math.min(RECEIVE_BUFFER, limit)));
    }

    /**
     * Sends, and lets the receiver come to an end with it.
     *
     * @param rate datagrams a second, 0 for as fast as it goes
     * @param first number of the first one
     * @param limit how many at most; within a minute
     */
    Sent send(int port, int rate, long first, long limit) throws IOException, Child.Ended {
        List<String> command = new ArrayList<>(List.of(Programs.own("udp_send"), "--address", HOST, "--port",
                "" + port, "--length", "" + Tally.LENGTH, "--burst", "" + BURST, "--first", "" + first, "--limit",
                "" + limit, "--seconds", "60"));
        if (rate > 0) {
            command.addAll(List.of("--rate", "" + rate));
        }
        double before = Cores.roundTrip(ROUND_TRIP_MILLIS);
        try (Child sender = new Child(pinned(Cores.FIRST, command))) {
            String line = sender.line();
            Child.sleep(SETTLE_MILLIS);
            return Sent.parse(line, (before + Cores.roundTrip(ROUND_TRIP_MILLIS)) / 2);
        }
    }

    /** {@return a receiver, which has all its threads on one processor} */
    static ProcessBuilder receiver(List<String> command) {
        return pinned(Cores.SECOND, command);
    }

    private static ProcessBuilder pinned(int processor, List<String> command) {
        List<String> all = new ArrayList<>(List.of("taskset", "--cpu-list", "" + processor));
        all.addAll(command);
        return new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT);
    }
}
