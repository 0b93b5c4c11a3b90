// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.pool;

import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Threads;

/** As OneFrame, but by virtual threads: as many at once as there are cores, each after frames of the same pool. */
@Fork(jvmArgsAppend = "-Djmh.executor=VIRTUAL")
@Threads(Threads.MAX)
public class VirtualThreads extends OneFrame {}
