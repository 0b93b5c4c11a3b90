// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** `ferry bench driver` and the native program behind it: every driver accounts for every frame; bad input ends with 2 or 1. */
class DriverCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StringWriter out = new StringWriter();

    /** The launcher tells where the native programs are; a test runs in its module's folder. */
    @BeforeAll
    static void setHome() {
        System.setProperty("frameferry.home", Path.of("..", "..").toAbsolutePath().normalize().toString());
    }

    @AfterAll
    static void clearHome() {
        System.clearProperty("frameferry.home");
    }

    private int run(String... args) {
        return Main.run(args, new PrintWriter(out, true), new PrintWriter(new StringWriter(), true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"interrupt", "napi", "moderated", "failing", "optimised"})
    void everyDriverGivesTheSameFiguresEachTimeInVirtualTime(String driver) throws IOException {
        String[] args = {"driver", "--driver", driver, "--clock", "virtual", "--frames", "20000", "--arrivals", "poisson",
            "--line-rate", "10000000000", "--load", "0.2"};
        assertEquals(0, run(args));
        JsonNode first = JSON.readTree(out.toString());
        assertEquals(20_000, first.get("arrived").asLong());
        assertEquals(20_000, first.get("delivered").asLong() + first.get("dropped").asLong()
                + first.get("listDropped").asLong());
        boolean slow = driver.equals("interrupt") || driver.equals("failing"); // for 3 million frames a second
        assertEquals(slow, first.get("dropped").asLong() > 0, first.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run(args));
        assertEquals(first, JSON.readTree(out.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"interrupt", "napi", "failing", "optimised"})
    void everyDriverAccountsForEveryFrameInRealTime(String driver) throws IOException {
        assertEquals(0, run("driver", "--driver", driver, "--frames", "20000", "--load", "0.1"));
        JsonNode run = JSON.readTree(out.toString());
        assertEquals(20_000, run.get("delivered").asLong() + run.get("dropped").asLong() + run.get("stalled").asLong()
                + run.get("listDropped").asLong());
    }

    @ParameterizedTest
    @CsvSource({"--load,1.1", "--load,0", "--load,x", "--line-rate,999999", "--line-rate,1500000", "--fifo,0",
        "--fifo,65537", "--bytes,63", "--burst,0", "--frames,-1", "--frames,1e6", "--driver,fast", "--clock,slow",
        "--arrivals,late", "--interrupt,4294967296", "--seed,", "--budget,64"})
    void aValueThatCannotBeIsRefused(String option, String value) {
        assertEquals(2, run("driver", "--driver", "napi", "--clock", "virtual", option, value == null ? "" : value));
        assertEquals("", out.toString());
    }

    @Test
    void aFileThatIsNoCaptureIsRefused(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no capture");
        assertEquals(1, run("driver", "--driver", "napi", "--clock", "virtual", "--capture", text.toString()));
        assertEquals(1, run("driver", "--driver", "napi", "--clock", "virtual", "--capture", folder + "/none"));
        assertEquals("", out.toString());
    }

    @Test
    void helpIsTheProgramsOwn() {
        assertEquals(0, run("driver", "--help"));
        assertTrue(out.toString().contains("--line-rate BITS"), out.toString());
    }
}
