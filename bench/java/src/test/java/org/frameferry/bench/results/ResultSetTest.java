// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.frameferry.cli.demo.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Result sets as files, joined, and what they say of what was aimed at. */
class ResultSetTest {
    private static final Machine MACHINE = new Machine("A processor", 2, "Linux 6", "25", 1L << 30, 0, 0);

    @TempDir
    private Path folder;

    private static ResultSet set(String cpu, Measurement... measurements) {
        Machine machine = new Machine(cpu, 2, "Linux 6", "25", 1L << 30, 0, 0);
        return new ResultSet(new Environment(machine, "2600", "", "GNU", List.of("-Xmx1g"), "pinned"), List.of("a test"),
                List.of(measurements), List.of("a note"), Map.of());
    }

    private static Measurement enqueue(String contestant, int batch, double ns) {
        return new Measurement("crossing", "enqueue", contestant, Map.of("batch", Integer.toString(batch)), "ns/frame",
                List.of(ns, ns), List.of(), Map.of("bytes", 0.1));
    }

    @Test
    void comesBackAsItWasWritten() throws IOException {
        ResultSet set = set("A processor", enqueue("jni", 1, 9), enqueue("ffm-critical", 64, 0.2));
        Path file = folder.resolve("new").resolve("set.json");
        set.write(file);
        assertEquals(set, ResultSet.read(file));
        assertEquals(MACHINE, ResultSet.read(file).environment().machine());
    }

    @Test
    void whatIsNoResultSetIsRefusedByName() throws IOException {
        Path file = folder.resolve("other.json");
        for (String text : List.of("{}", "[]", "no JSON", "{\"measurements\": [{}]}")) {
            Files.writeString(file, text);
            IOException e = assertThrows(IOException.class, () -> ResultSet.read(file));
            assertTrue(e.getMessage().contains("other.json is no result set"), e::getMessage);
        }
        assertThrows(IOException.class, () -> ResultSet.read(folder.resolve("none.json")));
    }

    @Test
    void theLaterOfTwoCounts() throws IOException {
        ResultSet joined = ResultSet.join(List.of(set("A", enqueue("jni", 1, 9), enqueue("ffm", 1, 8)),
                set("A", enqueue("jni", 1, 7))));
        assertEquals(2, joined.measurements().size());
        assertEquals(7, joined.measurements().getFirst().median());
        assertEquals(List.of("a test", "a test"), joined.commands());
    }

    @Test
    void twoMachinesAreNotJoined() {
        assertThrows(IOException.class, () -> ResultSet.join(List.of(set("A"), set("B"))));
    }

    @Test
    void goalsAreMetMissedOrNotKnown() {
        List<Goals.Goal> goals = Goals.of(set("A", enqueue("jni", 1, 9), enqueue("ffm", 1, 2),
                enqueue("ffm-critical", 64, 0.2)));
        assertTrue(goals.get(0).met() && goals.get(0).value() == 45, () -> goals.get(0).line());
        assertFalse(goals.get(1).met(), () -> goals.get(1).line());
        assertTrue(goals.get(2).met());
        assertFalse(goals.get(3).known());
        assertTrue(goals.get(3).line().contains("not measured"));
        assertTrue(goals.getLast().met(), () -> goals.getLast().line());
    }

    @Test
    void aFullByteAFrameIsTooMuch() {
        Measurement m = new Measurement("stream", "java-to-c", "frameferry", Map.of(), "ns/frame", List.of(1.0),
                List.of(), Map.of("bytes", 24.0));
        assertFalse(Goals.of(set("A", m)).getLast().met());
    }
}
