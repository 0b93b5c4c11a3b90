// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import org.frameferry.bench.stream.RingEnd.Crossing;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** As {@link JavaRoundTrip}, with the other end in C: from Java to C and back to Java. */
@OperationsPerInvocation(Echo.TRIPS)
public class JavaCRoundTrip {
    /** A critical call to send and calls to receive. */
    public static class Batched extends EchoOverRings {
        public Batched() {
            super(Crossing.BATCHED, true);
        }
    }

    /** No call. */
    public static class Mapped extends EchoOverRings {
        public Mapped() {
            super(Crossing.MAPPED, true);
        }
    }

    @Benchmark
    public void frameferry(Batched echo) {
        echo.run();
    }

    @Benchmark
    public void frameferryMapped(Mapped echo) {
        echo.run();
    }
}
