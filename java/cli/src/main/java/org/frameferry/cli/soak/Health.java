// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process takes, at a moment. Immutable; any thread.
 *
 * @param resident bytes of memory that are resident; 0 where the system does not tell
 * @param allocated bytes that all threads have allocated on the heap since the process began
 * @param collections of garbage since then
 */
record Health(long resident, long allocated, long collections) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Health now() {
        long collections = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
        return new Health(residentBytes(), THREADS.getTotalThreadAllocatedBytes(), collections);
    }

    private static long residentBytes() {
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10).findFirst().orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** {@return what came on top since an earlier moment} */
    Health since(Health earlier) {
        return new Health(resident - earlier.resident, allocated - earlier.allocated,
                collections - earlier.collections);
    }
}
