// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.frameferry.Peer;

/**
 * How streams are told apart on one socket: before a test the client sends four bytes from each stream's port and waits
 * for four bytes back, one stream after the other. Test thread only.
 */
final class StreamHandshake implements DataPath.Sink {
    /** The words as they lie in the datagram, read as little-endian: clients of either byte order send these bytes. */
    static final int CONNECT = 0x3637_3839;
    static final int CONNECT_REPLY = 0x3938_3736;
    /** What old iperf3 clients send, and expect. */
    static final int LEGACY_CONNECT = 123_456_789;
    static final int LEGACY_CONNECT_REPLY = 987_654_321;

    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final Duration PATIENCE = Duration.ofMillis(20);
    private static final Duration SEND_PATIENCE = Duration.ofSeconds(1);

    private record Reply(Peer peer, int word) {}

    private final InetAddress client;
    private final int expected;
    private final List<Peer> peers = new ArrayList<>();
    private final List<Reply> replies = new ArrayList<>();

    /** @param client whose streams they are: nobody else may have datagrams sent to an address of their choice */
    StreamHandshake(InetAddress client, int expected) {
        this.client = client;
        this.expected = expected;
    }

    /**
     * Waits for all streams and answers them.
     *
     * @param ended asked between datagrams; true ends the wait
     * @return the peers, in the order in which they came; fewer than expected if ended
     */
    List<Peer> run(DataPath path, BooleanSupplier ended) throws TestFailure {
        while (peers.size() < expected && !ended.getAsBoolean()) {
            path.receive(this, PATIENCE);
            for (Reply reply : replies) {
                int taken = path.send(reply.peer(), Integer.BYTES, 1,
                        (memory, offset) -> memory.set(WORD, offset, reply.word()), SEND_PATIENCE);
                if (taken == 0) {
                    throw new TestFailure(ClientError.STREAM_ACCEPT, "cannot answer the stream from "
                            + Addresses.text(reply.peer().address()) + ": no room to send within 1 s");
                }
            }
            replies.clear();
        }
        return peers;
    }

    /** Writes the client's four bytes. */
    static void greet(MemorySegment memory, long offset) {
        memory.set(WORD, offset, CONNECT);
    }

    @Override
    public void accept(MemorySegment memory, long addressOffset, long offset, int length, long arrivalNanos) {
        if (length != Integer.BYTES) {
            return; // a late datagram of an earlier test
        }
        int word = memory.get(WORD, offset);
        if (word != CONNECT && word != LEGACY_CONNECT) {
            return;
        }
        Peer peer = Peer.read(memory, addressOffset);
        if (!peers.contains(peer)) {
            if (peers.size() == expected || !peer.address().getAddress().equals(client)) {
                return;
            }
            peers.add(peer);
        }
        replies.add(new Reply(peer, word == CONNECT ? CONNECT_REPLY : LEGACY_CONNECT_REPLY));
    }
}
