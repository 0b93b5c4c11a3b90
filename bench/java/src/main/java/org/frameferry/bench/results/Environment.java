// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.frameferry.cli.demo.Machine;

/**
 * Where figures were taken, and how. Immutable; any thread.
 *
 * @param megahertz the processor's speed as the system tells it, "" if it does not
 * @param governor what sets that speed, "" where the system does not say, as in most virtual machines
 * @param compiler of the native programs, and its options; "" if none of them ran
 * @param jvmFlags of the forks of JMH; empty if none ran
 * @param pinning which threads run where
 */
public record Environment(Machine machine, String megahertz, String governor, String compiler, List<String> jvmFlags,
        String pinning) {
    private static final Path GOVERNOR = Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    private static final String PINNING = "two threads: one processor each, by sched_setaffinity; one thread: not";

    /** {@return this machine's} */
    public static Environment here(String compiler, List<String> jvmFlags) {
        return new Environment(Machine.here(), field("/proc/cpuinfo", "cpu MHz"), line(GOVERNOR), compiler, jvmFlags,
                PINNING);
    }

    private static String field(String file, String key) {
        try {
            return Files.readAllLines(Path.of(file)).stream().filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static String line(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** {@return one line for people} */
    public String line() {
        return machine.line() + (megahertz.isEmpty() ? "" : ", " + Math.round(Double.parseDouble(megahertz)) + " MHz")
                + (governor.isEmpty() ? "" : ", governor " + governor);
    }
}
