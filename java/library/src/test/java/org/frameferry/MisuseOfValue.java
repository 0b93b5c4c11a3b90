// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CLOSED;
import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.FOREIGN;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.frameferry.MisuseRow.row;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// What never changes once it is made: [Peer], the statistics, errors, and what [Frameferry] says.
final class MisuseOfValue {
    private static final int ADDRESS = 16; // where the metadata line of a frame has it

    /// What [Peer] does with an image in memory.
    private interface Use {
        void of(MemorySegment memory, long offset) throws Exception;
    }

    private MisuseOfValue() {
    }

    static List<MisuseRow> rows() {
        List<MisuseRow> rows = new ArrayList<>();
        rows.add(row(Peer.class, "of(InetSocketAddress)")
                .refuses(NULL, NullPointerException.class, _ -> Peer.of(null))
                .refuses(FOREIGN, "no such host: ", IllegalArgumentException.class,
                        _ -> Peer.of(InetSocketAddress.createUnresolved("no.such.host.invalid", 9)))
                .gives(CONCURRENT, "works", _ -> MisuseRace.run(() -> { }, MisuseOfValue::peer, null, _ -> { })));
        rows.add(image("read(MemorySegment, long)", Peer::read)
                .refuses(FOREIGN, "no address: ", IllegalStateException.class,
                        _ -> Peer.read(MemorySegment.ofArray(new long[4]), 0)));
        rows.add(image("matches(MemorySegment, long)", (memory, offset) -> peer().matches(memory, offset)));
        rows.add(image("write(MemorySegment, long)", (memory, offset) -> peer().write(memory, offset))
                .refuses(FOREIGN, "read-only: ", IllegalArgumentException.class,
                        w -> peer().write(w.shared().memory(), ADDRESS)));
        rows.add(value(row(Peer.class, "address()"), _ -> peer()));
        rows.add(row(PoolStatistics.class, "sum(String, Collection)")
                .refuses(NULL, NullPointerException.class, w -> PoolStatistics.sum(null, List.of(w.pool.statistics())),
                        _ -> PoolStatistics.sum("all", null),
                        w -> PoolStatistics.sum("all", Collections.nCopies(2, null)))
                .refuses(NULL, "none: ", IllegalArgumentException.class, _ -> PoolStatistics.sum("all", List.of()))
                .gives(CONCURRENT, "works", w -> {
                    List<PoolStatistics> parts = List.of(w.pool.statistics(), w.other().statistics());
                    MisuseRace.run(() -> { }, () -> PoolStatistics.sum("all", parts), null, _ -> { });
                }));
        for (String method : List.of("available()", "hitRate()", "averageFrameSize()")) {
            rows.add(value(row(PoolStatistics.class, method), w -> w.pool.statistics()));
        }
        rows.add(row(PoolAudit.class, "plus(PoolAudit)")
                .refuses(NULL, NullPointerException.class, w -> w.pool.audit().plus(null))
                .gives(CONCURRENT, "works", w -> {
                    PoolAudit audit = w.pool.audit();
                    MisuseRace.run(() -> { }, () -> audit.plus(audit), null, _ -> { });
                }));
        rows.add(value(row(PoolAudit.class, "sound()"), w -> w.pool.audit()));
        for (String method : List.of("busy()", "loss()")) {
            rows.add(value(row(NicStatistics.class, method), w -> SimulatedNic.statistics(w.card())));
        }
        rows.add(value(row(FerryException.class, "error()"), _ -> new FerryException(null, null)));
        rows.add(value(row(Frameferry.class, "diagnose()"), _ -> null));
        return rows;
    }

    private static Peer peer() {
        return Peer.of(new InetSocketAddress("127.0.0.1", 9));
    }

    private static MisuseRow value(MisuseRow row, Function<MisuseWorld, Object> value) {
        return row.gives(CONCURRENT, "works", w -> {
            Object target = value.apply(w);
            MisuseRace.run(() -> { }, () -> row.call(target), null, _ -> { });
        });
    }

    private static MisuseRow image(String signature, Use use) {
        return row(Peer.class, signature)
                .refuses(CLOSED, IllegalStateException.class, w -> use.of(w.closedPool().memory(), ADDRESS))
                .refuses(NULL, NullPointerException.class, _ -> use.of(null, 0))
                .refuses(NEGATIVE, IndexOutOfBoundsException.class, w -> use.of(w.pool.memory(), -8))
                .refuses(TOO_LARGE, IndexOutOfBoundsException.class,
                        w -> use.of(w.pool.memory(), w.pool.memory().byteSize()),
                        w -> use.of(w.pool.memory(), Long.MAX_VALUE - 7))
                .gives(CONCURRENT, "works", w -> {
                    Frame frame = w.frame().peer(peer());
                    MisuseRace.run(() -> { }, () -> use.of(w.pool.memory(), frame.metadataOffset() + ADDRESS), null,
                            _ -> { });
                });
    }
}
