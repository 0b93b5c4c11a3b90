// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole soak, for a moment; and that one thing wrong anywhere is one too many. */
class SoakTest {
    private static final Health NOTHING = new Health(0, 0, 0);

    @Test
    void aMoment(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("soak.json");
        StringWriter out = new StringWriter();

        int exit = new Soak(1, file, new PrintWriter(out)).run();

        assertEquals(0, exit, out.toString());
        JsonNode root = new ObjectMapper().readTree(file.toFile());
        assertTrue(root.get("clean").asBoolean(), out.toString());
        assertEquals(0, root.get("all").get("leaked").asLong());
        assertEquals(13, root.get("parts").size(), out.toString());
        for (Map.Entry<String, JsonNode> part : root.get("parts").properties()) {
            assertTrue(part.getValue().get("frames").asLong() > 0, part.getKey());
            assertTrue(out.toString().contains(part.getKey()), part.getKey());
        }
    }

    @Test
    void aFileThatCannotBeWritten(@TempDir Path directory) {
        Soak soak = new Soak(1, directory, new PrintWriter(new StringWriter()));
        String message = assertThrows(IOException.class, soak::run).getMessage();
        assertTrue(message.startsWith("--json " + directory + ": cannot be written"), message);
    }

    private static SoakResult result(Tally a, Tally b, long leaked, List<String> failures) {
        return new SoakResult(1, Map.of("a", a, "b", b), leaked, 0, NOTHING, 0, failures);
    }

    @Test
    void oneThingWrongIsTooMuch() {
        Tally good = new Tally(10, 3, 0, 0, 0, 0);
        assertTrue(result(good, good, 0, List.of()).isClean());
        for (Tally bad : List.of(new Tally(9, 3, 1, 0, 0, 0), new Tally(10, 3, 0, 1, 0, 0),
                new Tally(10, 3, 0, 0, 1, 0), new Tally(9, 3, 0, 0, 0, 1))) {
            SoakResult result = result(good, bad, 0, List.of());
            assertFalse(result.isClean(), bad.toString());
            assertTrue(SoakReport.table(result).getLast().contains("NOT CLEAN"));
        }
        assertFalse(result(new Tally(9, 0, 1, 0, 0, 0), new Tally(11, 0, -1, 0, 0, 0), 0, List.of()).isClean());
        assertFalse(result(good, good, 1, List.of()).isClean());
        assertFalse(result(good, good, 0, List.of("pool: a thread does not end")).isClean());
    }
}
