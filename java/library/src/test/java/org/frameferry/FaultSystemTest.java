// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The system refuses what a bridge asks of it. What does not pass reaches Java as an exception of that name, at both
/// ends; what passes is counted; what was opened before is closed again. All errnos at all points:
/// native/test/test_fault_*.c.
class FaultSystemTest {
    private static final List<Fault> FINAL = List.of(new Fault("EIO", 5), new Fault("ENXIO", 6), new Fault("EBADF", 9),
            new Fault("EFAULT", 14), new Fault("ENODEV", 19), new Fault("EINVAL", 22), new Fault("ENOTSOCK", 88),
            new Fault("ECONNRESET", 104));
    private static final List<Fault> PASSING = List.of(new Fault("EINTR", 4), new Fault("ENOMEM", 12),
            new Fault("EPROTO", 71), new Fault("ENETDOWN", 100), new Fault("ENETUNREACH", 101),
            new Fault("ENOBUFS", 105), new Fault("ECONNREFUSED", 111), new Fault("EHOSTDOWN", 112),
            new Fault("EHOSTUNREACH", 113));
    private static final List<Fault> OF_SENDING = List.of(new Fault("EBADF", 9), new Fault("ENOTSOCK", 88));
    private static final List<Fault> OF_ONE_DATAGRAM = List.of(new Fault("EPERM", 1), new Fault("EINVAL", 22),
            new Fault("EPIPE", 32), new Fault("EMSGSIZE", 90));

    /// An errno, and its name.
    private record Fault(String name, int errno) {
    }

    /// What is done with a bridge to which the system refuses something.
    private interface Use {
        void of(FramePool pool, Bridge bridge, FrameBatch batch) throws Exception;
    }

    @BeforeAll
    static void systemCanRefuse() throws Exception {
        Refusal.assumePossible();
    }

    private static FramePool pool() {
        return FramePool.builder().frames(64).frameSize(256).bridges(1).build();
    }

    /// A poller is refused what its opener was; so is the thread that drives an inline bridge.
    private static void withBridge(Way way, Refusal refusal, Fault fault, Use use) throws Exception {
        Elsewhere.run(() -> {
            try (FramePool pool = pool(); Audits _ = Audits.of(pool); FrameBatch batch = pool.newBatch(8)) {
                refusal.begin(fault.errno);
                try (Bridge bridge = way.open(pool)) {
                    use.of(pool, bridge, batch);
                }
            }
        });
    }

    private static void assertEnds(Bridge bridge, Fault fault, Executable use) {
        FerryException e = assertThrows(FerryException.class, use);
        assertEquals(fault.name, e.error());
        assertTrue(e.getMessage().startsWith(bridge + " has ended: "), e.getMessage());
    }

    private static void assertEnded(Bridge bridge, FrameBatch batch, Fault fault) {
        assertEnds(bridge, fault, () -> bridge.receive(batch, Numbered.LONG));
        assertEnds(bridge, fault, () -> bridge.receive(batch));
        assertEnds(bridge, fault, () -> bridge.send(batch));
        assertTrue(batch.isEmpty());
    }

    @EachWay
    void anErrorOfReadingEndsTheBridge(Way way) throws Exception {
        for (Fault fault : FINAL) {
            withBridge(way, Refusal.RECVMMSG, fault, (_, bridge, batch) -> {
                try (OtherSide other = OtherSide.of(bridge)) {
                    other.send(0, 1); // an inline bridge reads when there is something to read
                    assertEnded(bridge, batch, fault);
                }
            });
        }
    }

    @EachWay
    void anErrorOfWaitingEndsTheBridge(Way way) throws Exception {
        for (Fault fault : FINAL) {
            withBridge(way, Refusal.PPOLL, fault, (_, bridge, batch) -> assertEnded(bridge, batch, fault));
        }
    }

    @EachWay
    void anErrorOfSendingEndsTheBridge(Way way) throws Exception {
        for (Fault fault : OF_SENDING) {
            withBridge(way, Refusal.SENDMMSG, fault, (pool, bridge, batch) -> {
                assertEnds(bridge, fault, () -> {
                    while (true) {
                        pool.lease(batch, batch.capacity() - batch.size());
                        bridge.send(batch, Numbered.LONG);
                    }
                });
                batch.release();
                assertEnded(bridge, batch, fault);
            });
        }
    }

    @EachWay
    void aPassingErrorOfReadingIsCounted(Way way) throws Exception {
        for (Fault fault : PASSING) {
            withBridge(way, Refusal.RECVMMSG, fault, (_, bridge, batch) -> Elsewhere.until(() -> {
                assertEquals(0, bridge.receive(batch));
                return bridge.statistics().rxErrors() > 0;
            }));
        }
    }

    /// What cannot be sent is dropped, whether it may pass or not: the next datagram may go elsewhere.
    @EachWay
    void anErrorOfOneDatagramIsCounted(Way way) throws Exception {
        for (Fault fault : Stream.concat(PASSING.stream(), OF_ONE_DATAGRAM.stream()).toList()) {
            withBridge(way, Refusal.SENDMMSG, fault, (pool, bridge, batch) -> {
                Numbered.lease(pool, batch, 0, 5, Peer.of(bridge.localAddress()));
                assertEquals(5, bridge.send(batch, Numbered.LONG));
                Elsewhere.until(() -> bridge.statistics().txDropped() == 5);
                assertEquals(0, bridge.statistics().txFrames());
                assertEquals(0, bridge.receive(batch));
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"SOCKET, EMFILE, 24", "SOCKET, ENOBUFS, 105", "EVENTFD, ENFILE, 23", "SETSOCKOPT, ENOPROTOOPT, 92",
            "BIND, EACCES, 13", "CONNECT, ENETUNREACH, 101", "GETSOCKNAME, ENOBUFS, 105"})
    void whatCannotBeOpenedIsClosedAgain(Refusal refusal, String name, int errno) throws Exception {
        Udp udp = Way.ANY_PORT.timestamps(true).connect(new InetSocketAddress("127.0.0.1", 9));
        assertNotOpened(new Way(Bridge.Mode.THREADED, Bridge.Crossing.BATCHED), udp, refusal, name, errno,
                "cannot open " + udp + ": ");
    }

    @Test
    void aThreadThatCannotBeStarted() throws Exception {
        for (Bridge.Crossing crossing : Bridge.Crossing.values()) {
            assertNotOpened(new Way(Bridge.Mode.THREADED, crossing), Way.ANY_PORT, Refusal.CLONE3, "EAGAIN", 11,
                    "cannot open a bridge over " + Way.ANY_PORT + ": ");
        }
    }

    private static void assertNotOpened(Way way, Udp udp, Refusal refusal, String name, int errno, String message)
            throws Exception {
        try (FramePool pool = pool(); Audits _ = Audits.of(pool)) {
            Set<Integer> sockets = OpenFiles.of("socket:");
            Set<Integer> events = OpenFiles.of("anon_inode:[eventfd]");
            Elsewhere.run(() -> {
                refusal.begin(errno);
                FerryException e = assertThrows(FerryException.class, () -> way.open(pool, udp));
                assertEquals(name, e.error());
                assertTrue(e.getMessage().startsWith(message), e.getMessage());
            });
            assertEquals(sockets, OpenFiles.of("socket:"));
            assertEquals(events, OpenFiles.of("anon_inode:[eventfd]"));
            try (Bridge bridge = way.open(pool); FrameBatch batch = pool.newBatch(1)) { // the pool's only place is free
                assertEquals(0, bridge.receive(batch));
            }
        }
    }
}
