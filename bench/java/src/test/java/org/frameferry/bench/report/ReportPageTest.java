// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.frameferry.bench.results.Environment;
import org.frameferry.bench.results.Measurement;
import org.frameferry.bench.results.ResultSet;
import org.junit.jupiter.api.Test;

/** The page: every figure in a table, every curve in the data, nothing from elsewhere. */
class ReportPageTest {
    private static Measurement of(String suite, String workload, String contestant, Map<String, String> parameters,
            double ns) {
        return new Measurement(suite, workload, contestant, parameters, "ns/frame", List.of(ns, ns), List.of(120.0, 120.0),
                Map.of("p50", ns));
    }

    private static String page(Measurement... measurements) {
        return ReportPage.html(set(measurements), false);
    }

    private static ResultSet set(Measurement... measurements) {
        return new ResultSet(Environment.here("GNU <12>", List.of("-Xmx1g")), List.of("ferry bench all"),
                List.of(measurements), List.of(), Map.of());
    }

    private static JsonNode data(String page) throws IOException {
        String start = "<script type=\"application/json\" id=\"data\">";
        int from = page.indexOf(start) + start.length();
        return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
    }

    @Test
    void curvesAndTheirTable() throws IOException {
        List<Measurement> all = new ArrayList<>();
        for (int batch : List.of(1, 64)) {
            for (String who : List.of("jni", "ffm")) {
                all.add(of("crossing", "enqueue", who, Map.of("batch", "" + batch, "thread", "platform"), 12.5 / batch));
            }
        }
        String page = page(all.toArray(Measurement[]::new));
        JsonNode curves = data(page).path("enqueue-platform").path("curves");
        assertEquals(2, curves.size());
        assertEquals("jni", curves.get(0).path("label").asText());
        assertEquals(12.5, curves.get(0).path("points").get(0).get(1).asDouble());
        assertTrue(page.contains("<canvas id=\"enqueue-platform\"") && page.contains("12.5"), "canvas and figure");
    }

    @Test
    void thePictureHasACurveForEach() {
        Chart chart = Chart.of("c", "batch", "frames a call", "ns a frame", List.of(
                of("crossing", "enqueue", "jni", Map.of("batch", "1"), 10),
                of("crossing", "enqueue", "jni", Map.of("batch", "64"), 0.2),
                of("crossing", "enqueue", "ffm", Map.of("batch", "1"), 9)));
        String svg = Picture.svg(chart, "title");
        assertEquals(3, svg.split("<polyline").length);
        assertTrue(svg.contains(">jni</text>") && svg.contains(">0.1</text>") && svg.contains(">64</text>"), svg);
    }

    @Test
    void aPlainPageHasPicturesAndNoScript() {
        String page = ReportPage.html(set(of("scale", "ring", "frameferry", Map.of("capacity", "64"), 1)), true);
        assertTrue(page.contains("<svg") && page.contains("<polyline"), "picture");
        assertFalse(page.contains("<script") || page.contains("<canvas"), "no script");
    }

    @Test
    void bestBarsFirst() {
        String page = page(of("stream", "c-to-c", "boost", Map.of("payload", "8", "batch", "1"), 4),
                of("stream", "c-to-c", "boost", Map.of("payload", "8", "batch", "64"), 2),
                of("stream", "c-to-c", "frameferry", Map.of("payload", "8", "batch", "64"), 1));
        String bars = page.substring(page.indexOf("<h3>C to C</h3>"));
        assertTrue(bars.indexOf("1,000 M/s") > 0 && bars.indexOf("1,000 M/s") < bars.indexOf("500 M/s"), "in order");
        assertFalse(bars.substring(0, bars.indexOf("</tbody>")).contains("250 M/s"), "only the best setting");
    }

    @Test
    void loadsNothingAndEscapes() {
        String page = page(of("crossing", "empty", "<jni>", Map.of("thread", "platform"), 8));
        assertTrue(page.contains("GNU &lt;12&gt;") && page.contains("&lt;jni&gt;"), "escaped");
        assertFalse(page.matches("(?s).*<(script|link|img)[^>]* (src|href)=.*"), "nothing loaded");
        assertFalse(page.contains("{{"), "no hole left");
    }

    @Test
    void whatWasNotMeasuredIsNotShown() {
        String page = page(of("scale", "ring", "frameferry", Map.of("capacity", "64"), 1));
        assertTrue(page.contains("id=\"scale-ring\""), "the one chart");
        assertFalse(page.contains("id=\"scale-pool\"") || page.contains("Every setting"), "no other");
    }
}
