// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.frameferry.bench.Html;
import org.frameferry.bench.NativeProgram;
import org.frameferry.bench.chapter18.Measurements.Purpose;
import org.frameferry.cli.demo.Machine;

/** What the native programs might print, in numbers that are easy to reckon with. */
final class Recorded {
    static final Machine MACHINE = new Machine("a CPU", 2, "Linux 6", "25", 1 << 30, 0, 0);

    private Recorded() {}

    static Measurements techniques() throws IOException {
        Measurements m = new Measurements();
        m.addTechniques(Technique.parse(Html.resource(Page.class, "techniques.json")));
        return m;
    }

    static Measurements pool() throws IOException {
        Measurements m = new Measurements();
        m.addPool(NativeProgram.parse(Html.resource(Page.class, "pool.json")));
        return m;
    }

    /** Everything that a whole run measures. */
    static Measurements all() throws IOException {
        Measurements m = techniques();
        m.addPool(NativeProgram.parse(Html.resource(Page.class, "pool.json")));
        for (String arrivals : List.of("constant", "poisson")) {
            m.add(Purpose.CLAIM, run("C", "interrupt", "virtual", arrivals, 1, 1000, 310, 0, 1));
            m.add(Purpose.CLAIM, run("C", "napi", "virtual", arrivals, 1, 1000, 1, 0, 0.8));
            m.add(Purpose.CLAIM, run("C", "failing", "virtual", arrivals, 1, 1000, 310, 0, 1));
            m.add(Purpose.CLAIM, run("C", "optimised", "virtual", arrivals, 1, 1000, 0, 0, 0.8));
            for (double load : List.of(0.5, 1.0)) {
                m.add(Purpose.SWEEP, run("C", "interrupt", "virtual", arrivals, load, 1000, 100, 0, 1));
                m.add(Purpose.SWEEP, run("C", "napi", "virtual", arrivals, load, 1000, 0, 0, 0.5));
            }
        }
        m.add(Purpose.CLAIM, run("C", "failing", "real", "constant", 1, 1000, 400, 0, 1));
        m.add(Purpose.CLAIM, run("C", "optimised", "real", "constant", 1, 1100, 1, 100, 0.8));
        m.add(Purpose.RATES, DriverRun.parse(json("C", "napi", "virtual", "constant", 1, 1000, 900, 0, 1)
                .replace("1000000000", "100000000000")));
        m.add(Purpose.DEPTH, DriverRun.parse(json("C", "failing", "virtual", "poisson", 1, 1000, 310, 0, 1)
                .replace("\"costs\"", "\"depth\": [[0, 0], [1000, 300], [2000, 512]], \"costs\"")));
        return m;
    }

    static DriverRun run(String language, String driver, String clock, String arrivals, double load, long arrived,
            long dropped, long stalled, double cpu) {
        try {
            return DriverRun.parse(json(language, driver, clock, arrivals, load, arrived, dropped, stalled, cpu));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String json(String language, String driver, String clock, String arrivals, double load, long arrived,
            long dropped, long stalled, double cpu) {
        return String.format(Locale.ROOT, """
                {"driver": "%s", "language": "%s", "clock": "%s", "arrivals": "%s", "lineRate": 1000000000,
                 "load": %f, "offered": 1000.0, "seed": 1, "arrived": %d, "delivered": %d, "dropped": %d,
                 "stalled": %d, "listDropped": 0, "queued": 0, "seconds": 1.0, "cpu": %f, "interrupts": 7, "polls": 8,
                 "fullPolls": 3, "emptyPolls": 2, "armedSeconds": 0.25, "pollingSeconds": 0.75,
                 "costs": {"hz": 1200000000, "interrupt": 1000, "frame": 160}}
                """, driver, language, clock, arrivals, load, arrived, arrived - dropped - stalled, dropped, stalled,
                cpu);
    }
}
