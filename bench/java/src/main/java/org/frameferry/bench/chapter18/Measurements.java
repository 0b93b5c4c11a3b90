// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.frameferry.bench.Figure;
import org.frameferry.bench.NativeProgram;

/** All that has been measured so far. Filled by the main thread; any thread may take what there is. */
final class Measurements {
    /** What a driver was run for. */
    enum Purpose {
        CLAIM, SWEEP, RATES, DEPTH
    }

    private final Map<String, Technique> techniques = new LinkedHashMap<>();
    private final Map<String, Figure> pool = new LinkedHashMap<>();
    private final Map<Purpose, List<DriverRun>> runs = new LinkedHashMap<>();

    synchronized void addTechniques(List<Technique> measured) {
        measured.forEach(t -> techniques.put(t.key(), t));
    }

    /** {@return whether there are any} */
    synchronized boolean addPool(List<NativeProgram.Result> results) {
        results.forEach(r -> pool.put(r.key(), r.figure()));
        return !results.isEmpty();
    }

    synchronized void add(Purpose purpose, DriverRun run) {
        runs.computeIfAbsent(purpose, p -> new ArrayList<>()).add(run);
    }

    synchronized List<Technique> techniques() {
        return List.copyOf(techniques.values());
    }

    /**
     * {@return null if it was not measured}
     *
     * @param key "ring.list:0"
     */
    synchronized Technique technique(String key) {
        return techniques.get(key);
    }

    /** {@return ns a frame, null if it was not measured} */
    synchronized Figure pool(String key) {
        return pool.get(key);
    }

    synchronized List<DriverRun> runs(Purpose purpose) {
        return List.copyOf(runs.getOrDefault(purpose, List.of()));
    }

    synchronized boolean isEmpty() {
        return techniques.isEmpty() && pool.isEmpty() && runs.isEmpty();
    }
}
