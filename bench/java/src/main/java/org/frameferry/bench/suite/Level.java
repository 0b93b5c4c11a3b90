// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.suite;

/** How much is measured. */
public enum Level {
    /** The workloads that something is aimed at, in few short rounds: a first impression. */
    QUICK(2),
    /** The same in more rounds, and crossing by every batch. */
    USUAL(5),
    /** All batches, sizes, capacities and kinds of thread: hours. */
    FULL(3);

    final int rounds;

    Level(int rounds) {
        this.rounds = rounds;
    }
}
