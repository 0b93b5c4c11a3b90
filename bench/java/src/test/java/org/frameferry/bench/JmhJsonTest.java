// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.frameferry.cli.demo.Machine;
import org.junit.jupiter.api.Test;

/** Native results on their way from the program's JSON to JMH's. */
class JmhJsonTest {
    private static final Machine MACHINE = new Machine("a CPU", 2, "Linux 6", "25", 1 << 30, 0, 0);

    @Test
    void whatTheNativeProgramPrintsIsRead() throws IOException {
        NativeProgram.Result result = NativeProgram.parse("""
                [{"benchmark":"pool.same","malloc":"glibc 2.36","threads":2,"frames":4096,"payload":64,
                "nsPerFrame":[3,1.5,2]}]""").getFirst();
        assertEquals("pool.same 2/4096/64 glibc", result.key());
        assertEquals(new Figure(List.of(3.0, 1.5, 2.0), Double.NaN), result.figure());
    }

    @Test
    void aNativeProgramWithoutFiguresIsAnError() {
        assertThrows(IOException.class, () -> NativeProgram.parse("[{\"benchmark\":\"pool\",\"nsPerFrame\":[]}]"));
        assertThrows(IOException.class, () -> NativeProgram.parse("[{\"nsPerFrame\":[1]}]"));
        assertThrows(IOException.class, () -> NativeProgram.parse("no JSON"));
    }

    @Test
    void nativeResultsLookLikeThoseOfJmh() throws IOException {
        String text = JmhJson.text(List.of(), List.of(
                new NativeProgram.Result("pool", "jemalloc", 2, 4096, 64, new double[] {1, 2, 6}),
                new NativeProgram.Result("once", "glibc", 1, 1, 0, new double[] {5})), MACHINE);
        JsonNode array = new ObjectMapper().readTree(text);
        JsonNode pool = array.get(0);
        assertEquals("native.pool", pool.path("benchmark").asText());
        assertEquals("avgt", pool.path("mode").asText());
        assertEquals("jemalloc", pool.path("params").path("malloc").asText());
        assertEquals("4096", pool.path("params").path("frames").asText());
        JsonNode metric = pool.path("primaryMetric");
        assertEquals(3, metric.path("score").asDouble());
        assertEquals("ns/op", metric.path("scoreUnit").asText());
        assertEquals("[[1.0,2.0,6.0]]", metric.path("rawData").toString());
        assertEquals(2, metric.path("scorePercentiles").path("50.0").asDouble());
        assertTrue(metric.path("scoreError").isNumber());
        assertEquals("NaN", array.get(1).path("primaryMetric").path("scoreError").asText());
        assertEquals("Linux 6", array.get(1).path("machine").path("kernel").asText());
    }
}
