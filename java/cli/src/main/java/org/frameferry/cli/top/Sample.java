// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.top;

import java.util.List;
import org.frameferry.BridgeSnapshot;
import org.frameferry.PoolStatistics;

/**
 * What a process had to show at one moment.
 *
 * @param nanos when, by the clock of {@link System#nanoTime()}
 * @param pools those with a name, by their names
 */
record Sample(long nanos, List<Pool> pools) {
    /**
     * One pool.
     *
     * @param name which no other one of the process has
     * @param statistics its figures
     * @param bridges by their numbers
     */
    record Pool(String name, PoolStatistics statistics, List<BridgeSnapshot> bridges) {}

    /** {@return how each pool has changed since then} */
    List<Change<Pool>> since(Sample before) {
        double seconds = (nanos - before.nanos) / 1e9;
        return pools.stream().map(pool -> new Change<>(before.pools.stream()
                .filter(p -> p.name.equals(pool.name)).findFirst().orElse(null), pool, seconds)).toList();
    }

    /** {@return how each bridge of a pool has changed} A bridge that was opened meanwhile began with zeros. */
    static List<Change<BridgeSnapshot>> bridges(Change<Pool> pool) {
        List<BridgeSnapshot> before = pool.before() == null ? List.of() : pool.before().bridges();
        return pool.now().bridges().stream().map(bridge -> new Change<>(
                before.stream().filter(b -> isEarlier(b, bridge)).findFirst().orElse(null), bridge, pool.seconds()))
                .toList();
    }

    /** Its number may be another bridge's now, even over the same device. */
    private static boolean isEarlier(BridgeSnapshot before, BridgeSnapshot now) {
        return before.name().equals(now.name()) && before.rounds() <= now.rounds()
                && before.rxFrames() <= now.rxFrames() && before.txFrames() <= now.txFrames();
    }
}
