// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.stream;

import org.frameferry.bench.stream.NativeSide.Role;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * C on both sides of the same ring, on the same processors and in the same kind of process as the streams with Java,
 * which are measured against it: each invocation is one call of Java's. The figure is the time from one frame to the
 * next.
 */
@OperationsPerInvocation(Conditions.FRAMES)
public class CToC {
    /** The sender in the benchmark's thread. */
    public static class Native extends NativePair {
        private NativeSide sender;

        public Native() {
            super(Role.CONSUMES, null);
        }

        @Override
        public void start() {
            super.start();
            sender = here();
        }

        @Override
        public void stop() {
            sender.close();
            super.stop();
        }
    }

    @Benchmark
    public void frameferry(Native pair) {
        pair.run(pair.sender);
    }
}
