// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.frameferry.FrameBatch;
import org.frameferry.FramePool;

/** Whether a pool of which each frame has been touched is resident once, and nothing beside it. One thread. */
final class ResidentMemory {
    private static final Path ROLLUP = Path.of("/proc/self/smaps_rollup");
    private static final int FRAMES = 65_536;
    private static final int BATCH = 1024;
    private static final double MIB = 1 << 20;
    private static final double TOLERANCE_PERCENT = 3;

    private ResidentMemory() {}

    /** {@return a line with the figure and what was aimed at} */
    static String measure() throws IOException {
        touch(FRAMES / 16); // what the JVM loads and compiles for it is not the pool's
        return touch(FRAMES);
    }

    private static String touch(int frames) throws IOException {
        long before = resident(Files.readString(ROLLUP));
        try (FramePool pool = FramePool.builder().frames(frames).build()) {
            List<FrameBatch> batches = Stream.generate(() -> pool.newBatch(BATCH)).limit(frames / BATCH).toList();
            batches.forEach(batch -> pool.lease(batch, BATCH));
            pool.memory().fill((byte) 1);
            long grown = resident(Files.readString(ROLLUP)) - before;
            batches.forEach(FrameBatch::release);
            return line(grown, pool.memory().byteSize());
        }
    }

    /** {@return the bytes on the line that begins with "Rss:"} */
    static long resident(String rollup) {
        return rollup.lines().filter(line -> line.startsWith("Rss:")).mapToLong(line ->
                Long.parseLong(line.replaceAll("[^0-9]", "")) << 10).findFirst().orElse(0);
    }

    static String line(long grown, long slab) {
        double percent = 100.0 * grown / slab;
        return String.format(Locale.ROOT, "  Resident memory, all frames touched: %.1f MiB for frames of %.1f MiB,"
                + " %.1f %% (within %.0f %%: %s)", grown / MIB, slab / MIB, percent, TOLERANCE_PERCENT,
                Math.abs(percent - 100) <= TOLERANCE_PERCENT ? "met" : "not met");
    }
}
