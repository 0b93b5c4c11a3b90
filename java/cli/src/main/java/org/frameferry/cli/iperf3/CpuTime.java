// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * CPU time that this process has used, from /proc/self/stat, in steps of 10 ms; where there is no such file, the
 * JDK's sum, all of it as user time. Immutable; any thread.
 *
 * @param userNanos in user mode, all threads
 * @param systemNanos in the kernel, all threads
 */
public record CpuTime(long userNanos, long systemNanos) {
    /** Linux gives times to user space in ticks of 1/100 s on every architecture that has a JDK. */
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final Path STAT = Path.of("/proc/self/stat");
    /** Field 14 of proc(5), counted from field 3, the first after the command's closing parenthesis. */
    private static final int UTIME = 11;

    /** {@return what has been used since the process began} */
    public static CpuTime now() {
        try {
            String stat = Files.readString(STAT);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return new CpuTime(Long.parseLong(fields[UTIME]) * NANOS_PER_TICK,
                    Long.parseLong(fields[UTIME + 1]) * NANOS_PER_TICK);
        } catch (IOException e) {
            Duration sum = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
            return new CpuTime(sum.toNanos(), 0);
        }
    }

    /**
     * {@return what has been used since an earlier reading}
     *
     * @param earlier the reading
     */
    public CpuTime since(CpuTime earlier) {
        return new CpuTime(userNanos - earlier.userNanos, systemNanos - earlier.systemNanos);
    }

    /** {@return user and system time together} */
    public long totalNanos() {
        return userNanos + systemNanos;
    }
}
