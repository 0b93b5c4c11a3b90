// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.frameferry.bench.results.Environment;
import org.frameferry.bench.results.Measurement;
import org.frameferry.bench.results.ResultSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The suites' options, and what `compare` and `report` make of files. */
class ResultCommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... args) {
        return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
    }

    private Path set(String name, double... ns) throws IOException {
        List<Double> samples = DoubleStream.of(ns).boxed().toList();
        Path file = folder.resolve(name);
        ResultSet.of(Environment.here("", List.of()), "ferry bench crossing", List.of(new Measurement("crossing", "empty",
                "jni", Map.of("thread", "platform"), "ns/call", samples, List.of(), Map.of())), List.of(),
                Map.of()).write(file);
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "crossing", "stream", "job", "scale"})
    void everySuiteTellsItsOptions(String suite) {
        assertEquals(0, run(suite, "--help"));
        assertTrue(out.toString().contains("--quick") && out.toString().contains("--full")
                && out.toString().contains("--json=FILE"), out.toString());
    }

    @Test
    void quickAndFullExcludeEachOther() {
        assertEquals(2, run("stream", "--quick", "--full"));
        assertTrue(err.toString().contains("mutually exclusive"), err.toString());
    }

    @Test
    void compareTellsWhatChanged() throws IOException {
        assertEquals(0, run("compare", set("a.json", 8.0, 8.1, 7.9).toString(), set("b.json", 4.0, 4.1, 3.9).toString()));
        assertTrue(out.toString().contains("crossing/empty/jni") && out.toString().contains("1.00 x")
                && out.toString().contains("what is not ours took 0.50 x as long in B")
                && out.toString().contains("0 better  0 worse  1 same"), out.toString());
    }

    @Test
    void compareNeedsTwoResultSets() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), "{}");
        assertEquals(1, run("compare", set("a.json", 8.0).toString(), other.toString()));
        assertTrue(err.toString().contains("other.json is no result set of ferry bench"), err.toString());
        assertEquals(2, run("compare", other.toString()));
    }

    @Test
    void reportWritesThePage() throws IOException {
        Path page = folder.resolve("report.html");
        assertEquals(0, run("report", "--page", page.toString(), set("a.json", 8.0).toString()));
        assertTrue(Files.readString(page).contains("An empty call"), "the page");
    }

    @Test
    void aPictureNeedsTheCrossing() throws IOException {
        assertEquals(1, run("report", "--page", folder.resolve("report.html").toString(), "--picture",
                folder.resolve("crossing.svg").toString(), set("a.json", 8.0).toString()));
        assertTrue(err.toString().contains("run ferry bench crossing"), err.toString());
    }

    @Test
    void reportRefusesWhatIsNotThere() {
        assertEquals(1, run("report", folder.resolve("none.json").toString()));
        assertTrue(err.toString().startsWith("ferry: ") && err.toString().contains("none.json"), err.toString());
    }
}
