// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.frameferry.Bridge;
import org.frameferry.FerryException;
import org.frameferry.FramePool;
import org.frameferry.Frameferry;
import org.frameferry.Udp;

/** What `ferry doctor` looks at. Called by the main thread. */
public final class Doctor {
    private static final int JDK = 25;
    private static final int ASKED_BUFFER = 8 << 20;
    private static final int CAP_NET_ADMIN = 12;
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
    private static final Path TRANSPARENT_HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    private Doctor() {}

    /**
     * Looks, and prints a line for each thing it looked at.
     *
     * @param out takes the lines
     * @return the exit code: 0 if Frameferry can run here, else 1
     */
    public static int run(PrintWriter out) {
        Machine machine = Machine.here();
        List<Finding> findings = List.of(jdk(machine), compiler(), library(), nativeAccess(), cores(machine),
                buffer(machine), hugePages(), privileges(), iperf3());
        findings.forEach(f -> out.println(f.text()));
        boolean runs = findings.stream().noneMatch(f -> f.status() == Finding.Status.FAIL);
        out.println(runs ? "Frameferry runs here." : "Frameferry cannot run here: see the lines that say fail.");
        out.flush();
        return runs ? 0 : 1;
    }

    private static Finding jdk(Machine machine) {
        return Runtime.version().feature() >= JDK ? Finding.ok("JDK", machine.jdk())
                : Finding.fail("JDK", machine.jdk(), "install JDK " + JDK + " or later and set JAVA_HOME to it");
    }

    private static Finding nativeAccess() {
        return Frameferry.class.getModule().isNativeAccessEnabled() ? Finding.ok("native access", "enabled")
                : Finding.fail("native access", "not enabled",
                        "start java with --enable-native-access=org.frameferry,org.frameferry.cli");
    }

    private static Finding library() {
        try {
            long start = System.nanoTime();
            Frameferry.Diagnosis d = Frameferry.diagnose(); // the first call of native code
            return Finding.ok("native library", "%s, layout version %d, loaded and called in %d ms"
                    .formatted(d.library(), d.layoutVersion(), (System.nanoTime() - start) / 1_000_000));
        } catch (FerryException | LinkageError e) {
            return Finding.fail("native library", message(e),
                    "build it with ./ferry, or name one with -Dframeferry.library.path=");
        }
    }

    /** A class that could not be initialised hides the reason in its cause. */
    private static String message(Throwable e) {
        return e.getCause() != null ? message(e.getCause()) : String.valueOf(e.getMessage());
    }

    private static Finding buffer(Machine machine) {
        long granted;
        try (FramePool pool = FramePool.builder().frames(64).frameSize(64).ringCapacity(64).bridges(1).build();
                Bridge bridge = Bridge.builder(pool, Udp.bind(Demo.HOST, 0).receiveBuffer(ASKED_BUFFER))
                        .mode(Bridge.Mode.INLINE).open()) {
            granted = bridge.statistics().receiveBuffer();
        } catch (FerryException | LinkageError e) {
            return Finding.fail("receive buffer", "no socket could be opened: " + message(e), null);
        }
        String found = "%s granted of %s; the limit without privilege is %s%s".formatted(Machine.bytes(granted),
                Machine.bytes(ASKED_BUFFER), Machine.bytes(machine.receiveBufferLimit()),
                granted > machine.receiveBufferLimit() ? " (SO_RCVBUFFORCE is allowed)" : "");
        return granted >= Verdict.AMPLE_BUFFER ? Finding.ok("receive buffer", found)
                : Finding.warn("receive buffer", found, "as root: sysctl -w net.core.rmem_max=" + ASKED_BUFFER);
    }

    private static Finding cores(Machine machine) {
        int n = machine.cores();
        String found = n + " of " + machine.cpu() + ": " + (n <= 2 ? "inline" : "threaded") + " mode suits";
        return n > 1 ? Finding.ok("cores", found)
                : Finding.warn("cores", found, "sender and receiver take turns on one core: figures say little");
    }

    private static Finding hugePages() {
        String transparent = Machine.line(TRANSPARENT_HUGE_PAGES).replaceAll(".*\\[(.*)].*", "$1");
        String reserved = Machine.field(Machine.read(MEMORY_INFO), "HugePages_Total");
        String found = "transparent: " + (transparent.isEmpty() ? "unknown" : transparent) + ", reserved: "
                + (reserved.isEmpty() ? "unknown" : reserved);
        return transparent.equals("always") || transparent.equals("madvise") ? Finding.ok("huge pages", found)
                : Finding.warn("huge pages", found, "only if you ask for them (FramePoolBuilder.hugePages), as root:"
                        + " echo madvise > " + TRANSPARENT_HUGE_PAGES);
    }

    private static Finding privileges() {
        List<String> status = Machine.read(STATUS);
        String capabilities = Machine.field(status, "CapEff");
        boolean admin = !capabilities.isEmpty()
                && (Long.parseUnsignedLong(capabilities, 16) >> CAP_NET_ADMIN & 1) == 1;
        boolean root = Machine.field(status, "Uid").split("\\s+").length > 1
                && Machine.field(status, "Uid").split("\\s+")[1].equals("0");
        return Finding.ok("privileges", (root ? "root" : "user " + System.getProperty("user.name"))
                + (admin ? ", with CAP_NET_ADMIN" : ", without CAP_NET_ADMIN: the limit above applies"));
    }

    private static Finding compiler() {
        return Programs.firstLine("cc", "--version").map(v -> Finding.ok("C compiler", v)).orElseGet(
                () -> Finding.warn("C compiler", "none", "needed only to build: apt-get install gcc libc6-dev"));
    }

    private static Finding iperf3() {
        return Iperf3Sender.version().map(v -> Finding.ok("iperf3", v)).orElseGet(
                () -> Finding.warn("iperf3", "none", "the demo then uses a sender of its own: apt-get install iperf3"));
    }
}
