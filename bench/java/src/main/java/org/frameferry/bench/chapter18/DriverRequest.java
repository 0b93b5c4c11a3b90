// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One run of a driver against the simulated card. Immutable; any thread.
 *
 * @param driver "interrupt", "napi", "moderated", "failing" or "optimised"
 * @param clock "real" or "virtual"
 * @param arrivals "constant", "poisson" or "bursty"
 * @param lineRate bits a second
 * @param load share of the line rate
 * @param frames that arrive, at least 1
 * @param depth whether the frames that wait are noted over time
 */
record DriverRequest(String driver, String clock, String arrivals, long lineRate, double load, long frames, long seed,
        boolean depth) {
    static final long GIGABIT = 1_000_000_000L;
    /** Of a 64-byte frame, with preamble and the gap that follows. */
    private static final double BITS = 84 * 8;

    /** The chapter's experiment: 64-byte frames that fill a line of 1 Gb/s for so long. */
    static DriverRequest chapter(String driver, String clock, String arrivals, double seconds) {
        return new DriverRequest(driver, clock, arrivals, GIGABIT, 1, 0, 1, false).lasting(seconds);
    }

    DriverRequest at(double share, double seconds) {
        return new DriverRequest(driver, clock, arrivals, lineRate, share, 0, seed, depth).lasting(seconds);
    }

    DriverRequest lineRate(long bits, double seconds) {
        return new DriverRequest(driver, clock, arrivals, bits, load, 0, seed, depth).lasting(seconds);
    }

    DriverRequest of(long count) {
        return new DriverRequest(driver, clock, arrivals, lineRate, load, count, seed, depth);
    }

    DriverRequest noting() {
        return new DriverRequest(driver, clock, arrivals, lineRate, load, frames, seed, true);
    }

    private DriverRequest lasting(double seconds) {
        return new DriverRequest(driver, clock, arrivals, lineRate, load,
                Math.max(1, Math.round(seconds * load * lineRate / BITS)), seed, depth);
    }

    /** {@return the arguments of the native program} */
    List<String> arguments() {
        List<String> all = new ArrayList<>(List.of("--driver", driver, "--clock", clock, "--arrivals", arrivals,
                "--line-rate", Long.toString(lineRate), "--load", String.format(Locale.ROOT, "%.6f", load), "--frames",
                Long.toString(frames), "--seed", Long.toString(seed)));
        if (depth) {
            all.add("--depth");
        }
        return all;
    }
}
