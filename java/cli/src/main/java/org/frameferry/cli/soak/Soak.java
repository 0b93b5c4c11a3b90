// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.frameferry.Bridge;
import org.frameferry.FramePool;
import org.frameferry.PoolAudit;

/**
 * Everything that carries frames, at once and at full rate, and an account of every frame. Called by the main thread.
 */
public final class Soak {
    private static final int FRAMES = 8192;
    private static final int RING = 512;
    private static final int BRIDGES = 16;
    private static final int WARM_UP_SECONDS = 10;
    private static final double NANOS = 1e9;

    private final int seconds;
    private final Path json;
    private final PrintWriter out;

    /**
     * A soak yet to run.
     *
     * @param seconds how long
     * @param json where to write the figures, null: nowhere
     * @param out takes what is printed
     */
    public Soak(int seconds, Path json, PrintWriter out) {
        this.seconds = seconds;
        this.json = json;
        this.out = out;
    }

    /**
     * Runs it, or as much of it as there is before the process is told to end.
     *
     * @return the exit code: 0 if every frame is accounted for, came once, in order and unchanged, and is in its pool
     * @throws IOException in one line, if the file cannot be written
     * @throws InterruptedException if the thread is interrupted
     */
    public int run() throws IOException, InterruptedException {
        requireWritable();
        SoakResult result;
        // Small frames: what is tested is how they move. A pool of its own for who uses no bridge: while one is open,
        // single leases go by the magazines.
        FramePool bridged = FramePool.builder().name("soak").frames(FRAMES).frameSize(128).ringCapacity(RING)
                .bridges(BRIDGES).build();
        FramePool alone = FramePool.builder().name("alone").frames(FRAMES / 2).frameSize(128).bridges(0).build();
        List<Part> parts = open(bridged, alone);
        Crew crew = new Crew(parts);
        CountDownLatch told = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            crew.end();
            await(told);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            result = soak(parts, crew, List.of(bridged, alone));
            SoakReport.table(result).forEach(this::say);
            if (json != null) {
                Files.writeString(json, SoakReport.json(result));
                say("figures: " + json);
            }
        } finally {
            told.countDown();
            forget(hook);
        }
        if (result.isClean()) { // else there are frames, or threads, that a pool cannot be closed with
            bridged.close();
            alone.close();
        }
        return result.isClean() ? 0 : 1;
    }

    private static List<Part> open(FramePool bridged, FramePool alone) {
        List<Part> parts = new ArrayList<>();
        for (Bridge.Crossing crossing : Bridge.Crossing.values()) {
            parts.add(new LoopPart(bridged, crossing));
        }
        parts.add(new PoolPart(alone));
        parts.add(new CoalescingPart(bridged));
        parts.add(new JavaDevicePart(bridged));
        for (Bridge.Mode mode : Bridge.Mode.values()) {
            for (Bridge.Crossing crossing : Bridge.Crossing.values()) {
                parts.add(new UdpPart(bridged, mode, crossing));
                parts.add(new NicPart(bridged, mode, crossing));
            }
        }
        return parts;
    }

    private SoakResult soak(List<Part> parts, Crew crew, List<FramePool> pools) throws InterruptedException {
        crew.start();
        long start = System.nanoTime();
        int warmUp = Math.min(WARM_UP_SECONDS, seconds / 2);
        Health warm = Health.now();
        long[] carried = frames(parts);
        long carriedCold = sum(carried);
        for (int second = 1; second <= seconds && !crew.rest(start / 1_000_000 + second * 1000L
                - System.nanoTime() / 1_000_000); second++) {
            long[] before = carried;
            carried = frames(parts);
            Health now = Health.now();
            say(SoakReport.second(second, parts, before, carried, now));
            if (second == warmUp) {
                warm = now;
                carriedCold = sum(carried);
            }
        }
        Health end = Health.now();
        long carriedWarm = sum(frames(parts)) - carriedCold;
        double lasted = (System.nanoTime() - start) / NANOS;
        crew.stop();
        List<String> failures = crew.failures();
        Map<String, Tally> tallies = new LinkedHashMap<>();
        parts.forEach(part -> tallies.put(part.name(), part.tally()));
        long leaked = pools.stream().mapToLong(Soak::leaked).sum();
        return new SoakResult(lasted, tallies, leaked, carriedWarm, end.since(warm), end.resident(), failures);
    }

    private static long[] frames(List<Part> parts) {
        return parts.stream().mapToLong(Part::frames).toArray();
    }

    private static long sum(long[] values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }

    /** Of a pool that nobody uses any more. A lease that the collector found, and gave back, is a leak all the same. */
    private static long leaked(FramePool pool) {
        PoolAudit audit = pool.audit();
        return audit.frames() - audit.free() - audit.cached() + audit.duplicated() + audit.corrupt()
                + pool.statistics().leaks();
    }

    /** A path that cannot be written to is known before the soak, not after it. */
    private void requireWritable() throws IOException {
        try {
            if (json != null) {
                Files.newOutputStream(json, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
            }
        } catch (IOException e) {
            throw new IOException("--json %s: cannot be written (%s); give a file in a directory that you may write to"
                    .formatted(json, e.getClass().getSimpleName()), e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it is running: the process was told to end, and has waited for the table
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
