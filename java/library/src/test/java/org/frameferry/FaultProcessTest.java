// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens to the whole process while bridges of every kind run in it: it ends, it runs out of something, it is
/// stopped again and again. In processes of their own.
class FaultProcessTest {
    private static ChildJvm.Result run(String arguments, String... options) throws Exception {
        return ChildJvm.onModulePath(Stream.concat(Stream.of("--enable-native-access=org.frameferry"),
                Stream.of(options)).toList(), arguments.split(" "));
    }

    /// As it was asked to: without a hang, and without a word, which a crash would say.
    @ParameterizedTest
    @CsvSource({"return, 0", "exit, 7", "halt, 7", "hook, 7", "term, 143"})
    void itEnds(String how, int exit) throws Exception {
        ChildJvm.Result result = run("leave " + how);
        assertEquals("leaving\n", result.output());
        assertEquals(exit, result.exit());
    }

    @Test
    void itIsStoppedForThreadDumps() throws Exception {
        ChildJvm.Result result = run("dumps");
        assertTrue(result.output().contains("Full thread dump"), result.output());
        assertTrue(result.output().endsWith("ok\n"), result.output());
        assertEquals(0, result.exit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseG1GC"})
    void itCollectsGarbageAllTheTime(String collector) throws Exception {
        run("collections", collector, "-Xmx32m").assertOk("ok");
    }

    @Test
    void itHasNoMoreFiles() throws Exception {
        run("files").assertOk("EMFILE EMFILE ok");
    }

    @Test
    void itHasNoMoreAddresses() throws Exception {
        run("addresses").assertOk("FERRY_ENOMEM ok");
    }

    /// What the virtual machine sets up at the first call of a function needs more stack than the call.
    @EachWay
    void itBeginsWhereTheStackEnds(Way way) throws Exception {
        assumeTrue(System.getProperty("ferry.agent", "").isEmpty(), "an agent changes classes as they load, and says"
                + " so when it cannot");
        run("deep " + way).assertOk("ok 0");
    }
}
