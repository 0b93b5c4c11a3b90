// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where figures were taken. Immutable; any thread.
 *
 * @param cpu the processor's name
 * @param cores that this JVM may use
 * @param kernel name and version
 * @param jdk version and vendor
 * @param memory bytes
 * @param receiveBufferLimit bytes that a socket may ask for without privilege, 0 if unknown
 * @param receiveBufferDefault bytes that a socket has that asks for none, 0 if unknown
 */
public record Machine(String cpu, int cores, String kernel, String jdk, long memory, long receiveBufferLimit,
        long receiveBufferDefault) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
    private static final Path RECEIVE_BUFFER_LIMIT = Path.of("/proc/sys/net/core/rmem_max");
    private static final Path RECEIVE_BUFFER_DEFAULT = Path.of("/proc/sys/net/core/rmem_default");

    /** {@return this machine} */
    public static Machine here() {
        String memory = field(read(MEMORY_INFO), "MemTotal").split(" ")[0];
        return new Machine(cpuName(read(CPU_INFO)), Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.version() + " " + System.getProperty("java.vendor"), number(memory) << 10,
                // the default stands there doubled, as the kernel counts its own overhead; the limit does not
                number(line(RECEIVE_BUFFER_LIMIT)), number(line(RECEIVE_BUFFER_DEFAULT)) / 2);
    }

    /** {@return one line for people} */
    public String line() {
        return "%s, %d core%s, %s, JDK %s, %.1f GiB of memory".formatted(cpu, cores, cores == 1 ? "" : "s", kernel, jdk,
                memory / (double) (1 << 30));
    }

    private static String cpuName(List<String> cpuInfo) {
        return Stream.of("model name", "Hardware", "cpu model").map(key -> field(cpuInfo, key))
                .filter(name -> !name.isEmpty()).findFirst().orElse(System.getProperty("os.arch"));
    }

    /** {@return the value of the first "key : value" line, "" if there is none} */
    static String field(List<String> lines, String key) {
        return lines.stream().filter(l -> l.startsWith(key) && l.substring(key.length()).strip().startsWith(":"))
                .map(l -> l.substring(l.indexOf(':') + 1).strip()).findFirst().orElse("");
    }

    /** {@return the lines of a file, none if it cannot be read} */
    static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** {@return the first line of a file, "" if it cannot be read} */
    static String line(Path file) {
        return read(file).stream().findFirst().orElse("").strip();
    }

    private static long number(String text) {
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    /** {@return a number of bytes in the largest unit that leaves at least one} */
    static String bytes(long n) {
        if (n >= 1 << 20) {
            return trim(n / (double) (1 << 20)) + " MiB";
        }
        return n >= 1 << 10 ? trim(n / (double) (1 << 10)) + " KiB" : n + " B";
    }

    private static String trim(double x) {
        return x == Math.rint(x) ? Long.toString((long) x) : String.format(Locale.ROOT, "%.1f", x);
    }
}
