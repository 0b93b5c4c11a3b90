// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.top;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.frameferry.Bridge;
import org.frameferry.BridgeSnapshot;
import org.frameferry.PoolAudit;
import org.frameferry.PoolStatistics;
import org.frameferry.PollerState;

/** What is shown of a process, for people: lines of at most a hundred columns. Static functions; any thread. */
final class Screen {
    private static final String TABLE = "    %-9s %13s %10s %12s %10s";

    private Screen() {}

    static List<String> lines(Processes.Found process, List<Change<Sample.Pool>> pools) {
        List<String> lines = new ArrayList<>();
        lines.add("process %d %s".formatted(process.pid(), process.name()).stripTrailing());
        if (pools.isEmpty()) {
            lines.add("no pool with a name is open: FramePool.builder().name(...) makes one visible");
        }
        for (Change<Sample.Pool> pool : pools) {
            pool(lines, pool);
            Sample.bridges(pool).forEach(bridge -> bridge(lines, bridge));
        }
        return lines;
    }

    private static void pool(List<String> lines, Change<Sample.Pool> pool) {
        PoolStatistics s = pool.now().statistics();
        PoolAudit a = s.audit();
        lines.add("");
        lines.add(text("pool %s: %,d frames of %,d bytes", pool.now().name(), s.frames(), s.frameSize()));
        lines.add(text("  free %,d   cached %,d   queued %,d   device %,d   leased %,d", a.free(), a.cached(),
                a.queued(), a.device(), a.leased()));
        lines.add(text("  a second: taken %,.0f   missed %,.0f   waited %,.0f   from outside %,.0f   (ever leaked %,d)",
                rate(pool, PoolStatistics::hits), rate(pool, PoolStatistics::misses), rate(pool, PoolStatistics::waits),
                rate(pool, PoolStatistics::overflows), s.leaks()));
    }

    private static double rate(Change<Sample.Pool> pool, ToLongFunction<PoolStatistics> counter) {
        return pool.rate(p -> counter.applyAsLong(p.statistics()));
    }

    private static void bridge(List<String> lines, Change<BridgeSnapshot> c) {
        BridgeSnapshot b = c.now();
        lines.add("");
        lines.add(text("  %s, %s, %s", b.name(), b.mode(), b.crossing()));
        lines.add("    " + state(c));
        lines.add(text(TABLE, "", "frames/s", "Mb/s", "frames/call", "in ring"));
        lines.add(row("received", c, BridgeSnapshot::rxFrames, BridgeSnapshot::rxBytes, BridgeSnapshot::receiveCalls,
                b.rxQueued()));
        lines.add(row("sent", c, BridgeSnapshot::txFrames, BridgeSnapshot::txBytes, BridgeSnapshot::sendCalls,
                b.txQueued()) + text(" of %,d", b.ringCapacity()));
        lines.add(text("    dropped/s: no frame %,.0f, ring full %,.0f, oversize %,.0f, device %,.0f, sending %,.0f",
                c.rate(BridgeSnapshot::rxDroppedNoFrame), c.rate(BridgeSnapshot::rxDroppedRingFull),
                c.rate(BridgeSnapshot::rxDroppedOversize), c.rate(BridgeSnapshot::rxDroppedDevice),
                c.rate(BridgeSnapshot::txDropped)));
        if (b.poller() != PollerState.NONE) {
            lines.add("    " + rounds(c));
        }
    }

    private static String row(String name, Change<BridgeSnapshot> c, ToLongFunction<BridgeSnapshot> frames,
            ToLongFunction<BridgeSnapshot> bytes, ToLongFunction<BridgeSnapshot> calls, long queued) {
        long made = c.of(calls);
        return text(TABLE, name, text("%,.0f", c.rate(frames)), text("%,.1f", c.rate(bytes) * 8 / 1e6),
                made == 0 ? "-" : text("%,.1f", (double) c.of(frames) / made), text("%,d", queued));
    }

    private static String state(Change<BridgeSnapshot> c) {
        BridgeSnapshot b = c.now();
        String ends = (b.receiverSleeps() ? "   receiver asleep" : "") + (b.senderSleeps() ? "   sender asleep" : "");
        if (b.poller() == PollerState.NONE) {
            return "no poller" + ends;
        }
        return text("%s %-8s", b.mode() == Bridge.Mode.INLINE ? "thread" : "poller",
                b.poller().toString().toLowerCase(Locale.ROOT))
                + text(" polling %3.0f %%   armed %3.0f %%   resting %3.0f %%", share(c, BridgeSnapshot::pollingNanos),
                        share(c, BridgeSnapshot::armedNanos), share(c, BridgeSnapshot::restedNanos)) + ends;
    }

    private static double share(Change<BridgeSnapshot> c, ToLongFunction<BridgeSnapshot> part) {
        return percent(c.of(part), c.of(b -> b.pollingNanos() + b.armedNanos() + b.restedNanos()));
    }

    /** How full rounds were is the distribution of batches that the counters have. */
    private static String rounds(Change<BridgeSnapshot> c) {
        long all = c.of(BridgeSnapshot::rounds);
        long empty = c.of(BridgeSnapshot::emptyRounds);
        long full = c.of(BridgeSnapshot::fullRounds);
        long moved = c.of(b -> b.rxFrames() + b.txFrames());
        return text("rounds/s: %,.0f; empty %.0f %%, part %.0f %%, full %.0f %%; %.1f frames if not empty",
                c.rate(BridgeSnapshot::rounds), percent(empty, all), percent(all - empty - full, all),
                percent(full, all), all == empty ? 0 : (double) moved / (all - empty))
                + text("; interrupts/s: %,.0f", c.rate(BridgeSnapshot::interrupts));
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
