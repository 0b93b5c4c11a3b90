// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.frameferry.bench.chapter18.Measurements.Purpose;
import org.frameferry.bench.results.Measurement;
import org.frameferry.cli.demo.Machine;

/**
 * What table, JSON and page show. Immutable; any thread.
 *
 * @param sweep drivers at loads from 5 % to 100 % of 1 Gb/s
 * @param rates drivers at faster lines
 * @param depth drivers whose waiting frames were noted
 */
record Report(Machine machine, List<Claim> claims, List<DriverRun> sweep, List<DriverRun> rates,
        List<DriverRun> depth) {
    /** {@return what there is so far} */
    static Report of(Machine machine, Measurements m) {
        List<DriverRun> runs = m.runs(Purpose.CLAIM);
        return new Report(machine, List.of(TechniqueClaims.ring(m), TechniqueClaims.pool(m), TechniqueClaims.batch(m),
                DriverClaims.napi(runs), TechniqueClaims.headers(m), DriverClaims.driver(runs)),
                m.runs(Purpose.SWEEP), m.runs(Purpose.RATES), m.runs(Purpose.DEPTH));
    }

    /** {@return the claims in the common form: a workload each, both sides of a line as contestants} */
    List<Measurement> measurements() {
        List<Measurement> all = new ArrayList<>();
        for (Claim claim : claims) {
            for (Claim.Line line : claim.lines()) {
                for (Claim.Side side : List.of(line.baseline(), line.improved())) {
                    if (side.figure() != null) {
                        all.add(new Measurement("chapter18", claim.id(), side.name(), Map.of("line", line.title()),
                                line.unit(), side.figure().turns(), List.of(), Map.of()));
                    }
                }
            }
        }
        return all;
    }
}
