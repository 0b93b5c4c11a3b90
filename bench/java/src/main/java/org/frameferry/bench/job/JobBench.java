// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.frameferry.bench.Figure;
import org.frameferry.bench.Progress;
import org.frameferry.bench.results.Measurement;

/**
 * A whole job: 64-byte UDP datagrams received per second of CPU, and lost, while a sender on another processor offers
 * all contestants the same rate: three quarters of what a bare loop in C was seen to take. Each contestant has a
 * process of its own, all of it on one processor, and takes its turn in every round. One thread runs it, any other may
 * ask for the results meanwhile.
 */
public final class JobBench {
    private static final double START_SECONDS = 0.7;
    /**
     * Of the rate that the bare loop was seen to take: so much less that the sender keeps to it whoever receives. They
     * contend for the socket, and at nine tenths what was offered differed by a fifth from one receiver to the next.
     */
    private static final double SHARE = 0.75;
    /** For the calibration: about a second of what the fastest sender offers. */
    private static final long CALIBRATION_DATAGRAMS = 2_000_000;
    private static final int CALIBRATIONS = 3;
    /** Long enough for the compiler, which has to share the receiver's processor. */
    private static final double WARMUP_SECONDS = 2;

    private final double seconds;
    private final Map<Contestant, List<Sample>> samples = new EnumMap<>(Contestant.class);
    private final Map<Contestant, String> unavailable = new EnumMap<>(Contestant.class);
    private int rate;
    private int rounds;

    /** @param seconds that a flood lasts */
    public JobBench(double seconds) {
        this.seconds = seconds;
    }

    /** {@return how long a round takes, as far as one can plan} */
    public double seconds() {
        return Contestant.values().length * turnSeconds();
    }

    private double turnSeconds() {
        return START_SECONDS + WARMUP_SECONDS + seconds;
    }

    /**
     * Gives each contestant its turn, in an order that changes from round to round.
     *
     * @param title of the round
     * @return false if it was ended by Ctrl-C
     * @throws org.frameferry.bench.BenchFailure if a contestant gets what was not sent, or ends
     */
    public boolean round(String title, Progress progress) throws IOException {
        Job job = Job.here();
        List<Contestant> order = new ArrayList<>(Arrays.asList(Contestant.values()));
        Collections.rotate(order, rounds++);
        try {
            if (rate == 0) {
                progress.begin(title + "what rate to offer");
                rate = calibrate(job);
            }
            for (Contestant contestant : order) {
                progress.begin(title + contestant.title());
                turn(job, contestant);
                progress.end(title + contestant.title(), turnSeconds());
            }
            return true;
        } catch (Child.Ended e) {
            return false;
        }
    }

    private static int calibrate(Job job) throws IOException, Child.Ended {
        double[] taken = new double[CALIBRATIONS];
        for (int i = 0; i < CALIBRATIONS; i++) {
            Sample sample = NativeRun.measure(job, 0, CALIBRATION_DATAGRAMS);
            taken[i] = sample.counted().received() / sample.sent().seconds();
        }
        return (int) (SHARE * Figure.median(taken));
    }

    private void turn(Job job, Contestant contestant) throws IOException, Child.Ended {
        if (unavailable.containsKey(contestant)) {
            return;
        }
        long count = (long) (rate * seconds);
        try {
            keep(contestant, contestant.isJava()
                    ? JavaRun.measure(job, contestant, rate, (long) (rate * WARMUP_SECONDS), count)
                    : NativeRun.measure(job, rate, count));
        } catch (UnsupportedOperationException e) {
            synchronized (this) {
                unavailable.put(contestant, e.getMessage());
            }
        }
    }

    private synchronized void keep(Contestant contestant, Sample sample) {
        samples.computeIfAbsent(contestant, c -> new ArrayList<>()).add(sample);
    }

    /** {@return what there is so far; percentages of loss and of time spent receiving are medians} */
    public synchronized List<Measurement> measurements() {
        return samples.entrySet().stream().map(e -> measurement(e.getKey(), e.getValue())).toList();
    }

    static Measurement measurement(Contestant contestant, List<Sample> samples) {
        Map<String, Double> figures = new TreeMap<>();
        figures.put("loss", median(samples, Sample::loss));
        figures.put("busy", median(samples, Sample::busy));
        figures.put("wholeProcess", median(samples, Sample::wholeProcess));
        figures.put("offered", median(samples, s -> s.sent().perSecond()));
        return new Measurement("job", "udp-receive", contestant.title(), Map.of("payload", "" + Tally.LENGTH),
                "datagrams/CPU-second", samples.stream().map(Sample::perCpuSecond).toList(),
                samples.stream().map(s -> s.sent().roundTrip()).toList(), figures);
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return Figure.median(samples.stream().mapToDouble(figure).toArray());
    }

    /** {@return who could not take part, and why: "netty-io-uring: not available: ..."} */
    public synchronized List<String> notes() {
        return unavailable.entrySet().stream().map(e -> e.getKey().title() + ": not available: " + e.getValue())
                .toList();
    }

    /** {@return the flags of the virtual machines} */
    public List<String> flags() {
        return JavaRun.FLAGS;
    }
}
