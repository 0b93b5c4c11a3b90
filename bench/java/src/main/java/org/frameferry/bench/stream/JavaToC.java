// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import org.frameferry.bench.stream.NativeSide.Role;
import org.frameferry.bench.stream.RingEnd.Crossing;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** Java sends, C receives on the other processor. The figure is the time from one frame to the next. */
@OperationsPerInvocation(Conditions.FRAMES)
public class JavaToC {
    /** One critical call a batch. */
    public static class Batched extends NativePair {
        public Batched() {
            super(Role.CONSUMES, Crossing.BATCHED);
        }
    }

    /** No call. */
    public static class Mapped extends NativePair {
        public Mapped() {
            super(Role.CONSUMES, Crossing.MAPPED);
        }
    }

    @Benchmark
    public void frameferry(Batched pair) {
        pair.run();
    }

    @Benchmark
    public void frameferryMapped(Mapped pair) {
        pair.run();
    }
}
