// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.chapter18;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.frameferry.cli.demo.Machine;
import org.junit.jupiter.api.Test;

/** Table, JSON and page of the same report, whole and of nothing. */
class ReportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Report whole() throws IOException {
        return Report.of(Recorded.MACHINE, Recorded.all());
    }

    private static Report empty() {
        return Report.of(Recorded.MACHINE, new Measurements());
    }

    /** Without the programs in it. */
    private static String markup(String page) {
        return page.replaceAll("(?s)<script>.*?</script>", "");
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /* ---- table ------------------------------------------------------------------------- */

    @Test
    void theTableFitsATerminal() throws IOException {
        Stream.concat(Table.lines(whole()).stream(), Table.lines(empty()).stream())
                .forEach(line -> assertTrue(line.length() <= 110, line));
    }

    @Test
    void theTableHasTheChaptersFiguresBesideOurs() throws IOException {
        String table = String.join("\n", Table.lines(whole()));
        assertTrue(table.contains("  Ring instead of list                      375 ns     71 ns   5.3 x\n"
                + "    one at a time          " + " ".repeat(49) + "90.0 ns     10.0 ns         8.00 x\n"), table);
        assertTrue(table.contains("at least 5.3 x: met") && table.contains(">= 310 x"), table);
    }

    @Test
    void whatIsTinyIsNotShownAsNothing() {
        assertEquals(List.of("0.00", "<0.01", "0.01", "0.00", "-0.01"),
                Stream.of(0.0, 0.0001, 0.005, -0.0001, -0.01).map(Claim::number).toList());
    }

    /* ---- JSON -------------------------------------------------------------------------- */

    @Test
    void theJsonHasItsShape() throws IOException {
        JsonNode root = JSON.readTree(ReportJson.text(whole()));
        assertEquals(List.of("machine", "claims", "sweep"), names(root));
        assertEquals("a CPU", root.path("machine").path("cpu").asText());
        assertEquals(6, root.path("claims").size());
        JsonNode ring = root.path("claims").get(0);
        assertEquals("ring", ring.path("id").asText());
        assertEquals(5.3, ring.path("chapterRatio").asDouble());
        assertEquals(8, ring.path("measuredRatio").asDouble());
        assertEquals(90, ring.path("baseline").path("value").asDouble());
        assertEquals(10, ring.path("improved").path("value").asDouble());
        assertEquals("ns", ring.path("unit").asText());
        assertTrue(ring.path("goals").get(0).path("met").asBoolean());
        JsonNode driver = root.path("claims").get(5);
        assertTrue(driver.path("atLeast").asBoolean());
        assertEquals(3, 1 + driver.path("more").size());
        assertEquals(8 + 1 + 1, root.path("sweep").size());
        assertEquals(0.1, root.path("sweep").get(0).path("loss").asDouble());
        assertEquals(3, root.path("sweep").get(9).path("depth").size());
    }

    @Test
    void whatIsNotKnownIsNullInJson() throws IOException {
        JsonNode ring = JSON.readTree(ReportJson.text(empty())).path("claims").get(0);
        assertTrue(ring.path("measuredRatio").isNull(), ring.toString());
        assertTrue(ring.path("baseline").path("value").isNull(), ring.toString());
        assertTrue(ring.path("goals").get(0).path("met").isNull());
    }

    /* ---- page -------------------------------------------------------------------------- */

    @Test
    void thePageLoadsNothing() throws IOException {
        String page = Page.html(whole());
        assertTrue(page.contains(
                "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\""));
        String markup = markup(page);
        assertFalse(Pattern.compile("https?:|//[a-z]", Pattern.CASE_INSENSITIVE).matcher(markup).find(), markup);
        assertFalse(Pattern.compile("<(link|img|iframe|object|embed)|\\bsrc=|url\\(|@import").matcher(markup).find());
        assertFalse(page.contains("sourceMappingURL"));
        Matcher link = Pattern.compile("href=\"([^\"]*)\"").matcher(markup);
        while (link.find()) {
            assertTrue(link.group(1).startsWith("#") && markup.contains("id=\"" + link.group(1).substring(1) + "\""),
                    link.group());
        }
    }

    @Test
    void thePageHasATableUnderEachChart() throws IOException {
        String page = Page.html(whole());
        Matcher chart = Pattern.compile("<canvas id=\"(\\w+)\"").matcher(page);
        int charts = 0;
        for (int from; chart.find(); charts++) {
            from = chart.end();
            int table = page.indexOf("<table>", from);
            int next = page.indexOf("<canvas", from);
            assertTrue(table > 0 && (next < 0 || table < next), chart.group());
        }
        assertEquals(4, charts);
        assertTrue(page.contains("<th scope=\"row\">50.0 %</th><td>10.0 %</td><td>0.00 %</td>"), "a row of the sweep");
        assertFalse(page.contains("{{"), "holes of the template");
    }

    @Test
    void whateverIsMeasuredIsEscaped() throws IOException {
        Machine odd = new Machine("<b>\"CPU\" & 'co'</b>", 2, "$1 {{bars}}", "</script>", 1 << 30, 0, 0);
        String page = Page.html(Report.of(odd, Recorded.all()));
        assertTrue(page.contains("&lt;b&gt;&quot;CPU&quot; &amp; &#39;co&#39;&lt;/b&gt;"));
        assertTrue(page.contains("$1 {{bars}}, JDK &lt;/script&gt;"), "what fills a hole is not looked at again");
    }

    @Test
    void noNameBreaksOutOfTheData() throws IOException {
        Measurements m = new Measurements();
        m.add(Measurements.Purpose.DEPTH, DriverRun.parse(Recorded.json("C", "</script><b>", "virtual", "poisson", 1,
                10, 0, 0, 1).replace("\"costs\"", "\"depth\": [[0, 1]], \"costs\"")));
        String page = Page.html(Report.of(Recorded.MACHINE, m));
        assertFalse(page.contains("</script><b>"));
        assertTrue(page.contains("\\u003c/script>\\u003cb>"));
    }

    @Test
    void aPageOfNothingIsStillAPage() {
        String markup = markup(Page.html(empty()));
        assertTrue(markup.contains("not known") && markup.contains("not measured"), markup);
        assertFalse(markup.contains("NaN") || markup.contains("Infinity"), markup);
    }
}
