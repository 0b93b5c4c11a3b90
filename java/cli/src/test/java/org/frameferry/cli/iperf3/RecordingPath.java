// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import org.frameferry.Peer;

/** A data path without a socket: it plays a script and remembers what was sent. For the test's thread. */
final class RecordingPath implements DataPath {
    private final Deque<Runnable> script = new ArrayDeque<>();
    private final List<String> sent = new ArrayList<>();
    private int room = Integer.MAX_VALUE;

    /** Adds a step: each call of receive plays one. */
    void script(Runnable step) {
        script.add(step);
    }

    /** How many datagrams one send may take. */
    void room(int datagrams) {
        room = datagrams;
    }

    /** "port:hex" of each datagram taken, in order. */
    List<String> sent() {
        return sent;
    }

    @Override
    public InetSocketAddress localAddress() {
        return new InetSocketAddress("127.0.0.1", 5201);
    }

    @Override
    public int receive(Sink sink, Duration patience) {
        script.remove().run();
        return 1;
    }

    @Override
    public int send(Peer peer, int length, int n, Writer writer, Duration patience) {
        for (int i = 0; i < n; i++) {
            MemorySegment memory = Arena.ofAuto().allocate(length);
            writer.write(memory, 0);
            if (i < room) {
                sent.add(peer.address().getPort() + ":"
                        + HexFormat.of().formatHex(memory.toArray(ValueLayout.JAVA_BYTE)));
            }
        }
        return Math.min(n, room);
    }

    @Override
    public long receiveBuffer() {
        return 0;
    }

    @Override
    public PathStatistics statistics() {
        return PathStatistics.NONE;
    }

    @Override
    public void close() {}
}
