// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.frameferry.Peer;

/**
 * Makes the JVM compile the loops of a data path before the first client comes, by sending datagrams to itself for a
 * few tenths of a second. Interpreted code takes longer over a datagram than a fast sender does, so that the start of
 * the first test would overflow the socket; and what a compiled loop has never seen makes the JVM throw it away, so the
 * rehearsal has losses, doubles, strangers and silence in it. Static function; the thread that calls it opens and
 * closes a data path.
 */
public final class Rehearsal {
    private static final int ROUNDS = 1000;
    /** Of so many rounds one is silent, and one is lost on the meter. */
    private static final int PERIOD = 16;
    private static final int BLOCK_SIZE = 64;
    private static final Duration PATIENCE = Duration.ofNanos(100_000);
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private Rehearsal() {}

    /**
     * Sends itself some tens of thousands of datagrams.
     *
     * @param paths opens the data path
     * @param local the server's address, so that the datagrams' addresses are of the kind that will come; any port
     * @throws org.frameferry.FerryException when the socket cannot be had
     */
    public static void run(DataPathFactory paths, InetAddress local) {
        try (DataPath path = paths.open(new InetSocketAddress(local, 0), BLOCK_SIZE)) {
            InetAddress host = local.isAnyLocalAddress() ? Addresses.loopbackIpv4() : local;
            Peer target = Peer.of(new InetSocketAddress(host, path.localAddress().getPort()));
            StreamHandshake handshake = new StreamHandshake(host, 1);
            long deadline = Limits.deadline(LIMIT);
            path.send(target, Integer.BYTES, 1, StreamHandshake::greet, LIMIT);
            List<Peer> self = handshake.run(path, () -> System.nanoTime() > deadline);
            if (!self.isEmpty()) {
                play(path, target, self.getFirst(), handshake);
            }
        } catch (TestFailure e) {
            // No room to answer ourselves: the first test shows what is wrong.
        }
    }

    private static void play(DataPath path, Peer target, Peer self, StreamHandshake handshake) {
        TestParameters parameters =
                new TestParameters(0, 0, 1, true, false, BLOCK_SIZE, 0, 1, false, false, List.of());
        StreamSender[] senders = {new StreamSender(1, target, parameters), new StreamSender(2, target, parameters)};
        Peer stranger = Peer.of(new InetSocketAddress(self.address().getAddress(), 0));
        StreamTable table =
                new StreamTable(List.of(new StreamMeter(1, stranger, false), new StreamMeter(2, self, false)));
        for (int round = 0; round < ROUNDS; round++) {
            if (round % PERIOD == 0) {
                table.endOmitted();
            } else {
                senders[round % senders.length].sendDue(path, 0);
            }
            path.receive(round % PERIOD == 1 ? handshake : table, PATIENCE);
        }
    }
}
