// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the figures say, whichever way they fall. Static functions; any thread. */
final class Verdict {
    /** What the chapter's rewritten driver lost: who loses no more has solved the mystery. */
    static final double SOLVED_PERCENT = 0.12;
    /** From here on a loss is worth a mystery. */
    static final double MYSTERY_PERCENT = 1;
    /** Below this a burst of small datagrams overflows the socket while its receiver does not run. */
    static final long AMPLE_BUFFER = 4 << 20;

    private Verdict() {}

    /** {@return one sentence about who lost how much} */
    static String sentence(List<Run> runs) {
        Optional<Run> frameferry = find(runs, Run.FRAMEFERRY);
        if (frameferry.isEmpty()) {
            return "Frameferry was not measured, so there is no verdict.";
        }
        Run f = frameferry.get();
        List<Run> others = runs.stream().filter(r -> r.receiver().equals(Run.CHAPTER18)
                || r.receiver().equals(Run.IPERF3)).toList();
        return f.lossPercent() <= SOLVED_PERCENT ? solved(f, others) : unsolved(f, others);
    }

    private static String solved(Run f, List<Run> others) {
        String loss = "Frameferry lost " + RunTable.percent(f.lossPercent());
        List<Run> lossy = others.stream().filter(r -> r.lossPercent() >= MYSTERY_PERCENT).toList();
        List<Run> sound = others.stream().filter(r -> r.lossPercent() < MYSTERY_PERCENT).toList();
        if (lossy.isEmpty()) {
            return others.isEmpty() ? loss + "; nothing else was measured to compare it with."
                    : loss + ", and the mystery did not show on this machine: " + losses(others) + " as well.";
        }
        return loss + " where " + losses(lossy) + (sound.isEmpty() ? "." : "; " + losses(sound) + " only.");
    }

    private static String unsolved(Run f, List<Run> others) {
        List<Run> worse = others.stream().filter(r -> r.lossPercent() > f.lossPercent()).toList();
        List<Run> better = others.stream().filter(r -> r.lossPercent() <= f.lossPercent()).toList();
        String loss = "Frameferry lost " + RunTable.percent(f.lossPercent()) + ", more than the " + SOLVED_PERCENT
                + " % it should stay under";
        String reason = f.receiveBuffer() < AMPLE_BUFFER
                ? ", with a receive buffer of only " + Machine.bytes(f.receiveBuffer()) : "";
        return loss + reason + (worse.isEmpty() ? "" : "; " + losses(worse))
                + (better.isEmpty() ? "" : "; " + losses(better) + ", no more than that") + ".";
    }

    /** "iperf3 -s lost 28.10 % and chapter18-naive lost 34.39 %". */
    private static String losses(List<Run> runs) {
        return runs.stream().map(r -> RunTable.name(r) + " lost " + RunTable.percent(r.lossPercent()))
                .collect(Collectors.joining(" and "));
    }

    /**
     * {@return what a datagram costs Frameferry beside the bare C loop, empty if they were not compared}
     *
     * @param ratios of CPU a datagram, one of each pair of runs
     */
    static Optional<String> beside(List<Double> ratios) {
        return ratios.isEmpty() ? Optional.empty() : Optional.of(String.format(Locale.ROOT,
                "A datagram cost Frameferry %.2f times the CPU of the bare C loop: the median of %d pairs of runs,"
                        + " %.2f to %.2f.", median(ratios), ratios.size(), ratios.stream().min(Double::compare).get(),
                ratios.stream().max(Double::compare).get()));
    }

    /** {@return the middle one; of an even number the upper of the two} */
    static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** {@return what to do about a small receive buffer, empty if it is ample} */
    static Optional<String> buffer(List<Run> runs, long asked) {
        return find(runs, Run.FRAMEFERRY).filter(f -> f.receiveBuffer() < AMPLE_BUFFER)
                .map(f -> "The kernel grants %s of receive buffer, less than %s: expect losses at high rates."
                        .formatted(Machine.bytes(f.receiveBuffer()), Machine.bytes(AMPLE_BUFFER))
                        + " As root: sysctl -w net.core.rmem_max=" + asked);
    }

    private static Optional<Run> find(List<Run> runs, String receiver) {
        return runs.stream().filter(r -> r.receiver().equals(receiver)).findFirst();
    }
}
