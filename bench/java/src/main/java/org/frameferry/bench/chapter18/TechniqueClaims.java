// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.frameferry.bench.Figure;
import org.frameferry.bench.chapter18.Claim.Line;
import org.frameferry.bench.chapter18.Claim.Side;

/** The four claims about a single technique: ring, pool, batch, headers. Static functions; any thread. */
final class TechniqueClaims {
    private static final double BURST_TIMES = 27;
    private static final double ONE_RELEASE_TIMES = 3;
    private static final int LARGEST = 9000;
    private static final String TRANSPORT = "transport 2/0/64 glibc";

    private TechniqueClaims() {}

    static Claim ring(Measurements m) {
        Side list = side(m, "list, spin lock", "ring.list:0");
        Side same = side(m, "list, spin lock", "ring.list.same:0");
        return new Claim(Chapter.RING, List.of(
                timed("one at a time", list, side(m, "ring", "ring.single:0"), Chapter.RING.ratio()),
                timed("bursts of 64", list, side(m, "ring, bursts", "ring.burst:0"), BURST_TIMES),
                timed("bursts of 64, 8192 slots", list, side(m, "ring, bursts", "ring.large:0"), 0),
                timed("the chapter's own ring", list, side(m, "its ring", "ring.chapter:0"), 0),
                timed("one thread, one at a time", same, side(m, "ring", "ring.single.same:0"), 0),
                timed("one thread, bursts of 64", same, side(m, "ring, bursts", "ring.burst.same:0"), 0)),
                "", "Both ways wait for cache lines to move between the processors: where those are far apart, that"
                        + " costs both the same, and the ratio shrinks.");
    }

    /** One ring and one pool for both aims; the chapter's own rings, and a magazine, stand below. */
    static Claim batch(Measurements m) {
        Side one = side(m, "one", "batch.one:64");
        Side chapters = side(m, "one", "batch.rings.one:64");
        Side same = side(m, "one", "batch.one.same:64");
        Side ours = side(m, "32", "batch.ours:64");
        return new Claim(Chapter.BATCH, List.of(
                timed("32 the chapter's way", one, side(m, "32 singly", "batch.chapter:64"), Chapter.BATCH.ratio()),
                timed("32 with one release", one, ours, ONE_RELEASE_TIMES),
                timed("on the chapter's own rings", chapters, side(m, "32 singly", "batch.rings.chapter:64"), 0),
                timed("the chapter's rings against ours", chapters, ours, 0),
                timed("with a magazine", side(m, "one", "batch.magazine.one:64"),
                        side(m, "32", "batch.magazine.ours:64"), 0),
                timed("one thread, the chapter's way", same, side(m, "32 singly", "batch.chapter.same:64"), 0),
                timed("one thread, one release", same, side(m, "32", "batch.ours.same:64"), 0)),
                "A batch saves meetings of the two threads, at the ring and at the pool. The chapter's rings have them for"
                        + " every packet even in a batch; a magazine batches behind the consumer's back.",
                "What is done to each frame, and the thread that receives it, cost the same in a batch: where they are"
                        + " the slower part, little is left to save.");
    }

    static Claim headers(Measurements m) {
        List<Line> lines = new ArrayList<>();
        lines.add(header(m, LARGEST, Chapter.HEADERS.ratio()));
        m.techniques().stream().filter(t -> t.workload().equals("headers.move") && t.bytes() != LARGEST)
                .map(Technique::bytes).sorted().forEach(bytes -> lines.add(header(m, bytes, 0)));
        return new Claim(Chapter.HEADERS, lines, "",
                "A processor that copies many bytes a cycle makes the copy cheap as long as it stays in its caches.");
    }

    private static Line header(Measurements m, int bytes, double aim) {
        return timed(bytes + " bytes", side(m, "memmove", "headers.move:" + bytes),
                side(m, "push and pull", "headers.push:" + bytes), aim);
    }

    static Claim pool(Measurements m) {
        Figure transport = m.pool(TRANSPORT);
        Side malloc = side("malloc", m.pool("malloc.across 2/0/64 glibc"));
        Side magazine = side("magazine", m.pool("magazine.across 2/4096/64 glibc"));
        Side pool = side("pool", m.pool("pool.across 2/4096/64 glibc"));
        List<Line> lines = List.of(
                less("across threads, transport taken off", malloc, magazine, transport, Chapter.POOL.ratio()),
                less("the pool without a magazine", malloc, pool, transport, 0),
                timed("across threads, all of it", malloc, magazine, 0),
                sameThread(m, "one thread, bursts of 64", "same"),
                sameThread(m, "one thread, frame by frame", "single"));
        String note = transport == null ? "" : "The transport alone: " + Figure.number(transport.median()) + " ns.";
        return new Claim(Chapter.POOL, lines, note, "What is left of the pool without the transport is about what the"
                + " transport itself varies by: the machine may have been busy.");
    }

    private static Line sameThread(Measurements m, String title, String what) {
        return timed(title, side("malloc", m.pool("malloc." + what + " 1/0/64 glibc")),
                side("magazine", m.pool("magazine." + what + " 1/4096/64 glibc")), 0);
    }

    private static Line less(String title, Side baseline, Side improved, Figure part, double aim) {
        Ratio ratio = Ratio.without(part, baseline.figure(), improved.figure());
        return new Line(title, taken(baseline, part), taken(improved, part), "ns", ratio, goals(aim, ratio),
                !ratio.known() || !ratio.atLeast() || ratio.times() == Figure.MANY ? ""
                        : "%s: what is left of the %s cannot be told from nothing, so the ratio is that of the %s with"
                                .formatted(title, improved.name(), improved.name()) + " the transport still on it.");
    }

    private static Side taken(Side side, Figure part) {
        return new Side(side.name(), side.figure() == null || part == null ? null : side.figure().less(part),
                side.more());
    }

    /**
     * A line whose two sides were measured in the same rounds.
     *
     * @param aim at least so many times, 0 for none
     */
    private static Line timed(String title, Side baseline, Side improved, double aim) {
        Ratio ratio = Ratio.of(baseline.figure(), improved.figure());
        return new Line(title, baseline, improved, "ns", ratio, goals(aim, ratio), "");
    }

    private static List<Goal> goals(double aim, Ratio ratio) {
        return aim == 0 ? List.of() : List.of(Goal.atLeast(aim, ratio));
    }

    private static Side side(String name, Figure figure) {
        return new Side(name, figure, Map.of());
    }

    /** A workload of two threads has the misses of the same in one. */
    private static Side side(Measurements m, String name, String key) {
        Technique technique = m.technique(key);
        if (technique == null) {
            return new Side(name, null, Map.of());
        }
        Map<String, Double> more = new LinkedHashMap<>();
        technique.cycles().ifPresent(cycles -> more.put("cycles", cycles.median()));
        Technique counted = technique.threads() == 1 ? technique : m.technique(technique.inOneThread());
        if (counted != null && counted.misses() != null) {
            more.put("d1Misses", counted.misses().d1());
            more.put("llMisses", counted.misses().ll());
        }
        return new Side(name, technique.ns(), more);
    }
}
