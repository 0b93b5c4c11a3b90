// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.crossing;

import org.frameferry.bench.BenchFailure;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The kind of thread that calls. JMH decides it for a whole fork, by the flag `-Djmh.executor=VIRTUAL`; the parameter
 * says which it was. Belongs to the benchmark's thread.
 */
@State(Scope.Thread)
public class ThreadKind {
    @Param("platform")
    public String thread;

    @Setup
    public void check() {
        if (Thread.currentThread().isVirtual() != thread.equals("virtual")) {
            throw new BenchFailure("thread=" + thread + " is measured on " + Thread.currentThread()
                    + ": virtual threads need -Djmh.executor=VIRTUAL, platform threads must not have it");
        }
    }
}
