// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Building blocks of pages, all of which escape what they are given. Static functions; any thread. */
public final class Html {
    private static final Pattern HOLE = Pattern.compile("\\{\\{(\\w+)}}");
    private static final String WEBJAR = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

    private Html() {}

    public static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    public static String paragraph(String cssClass, String text) {
        return text.isEmpty() ? "" : "<p class=\"%s\">%s</p>\n".formatted(cssClass, escape(text));
    }

    /**
     * A table, in a frame that scrolls by itself where the window is narrow.
     *
     * @param caption what it shows
     * @param groups headings that span that many columns each after the first, in order; perhaps none
     * @param headings of the columns
     * @param rows the first cell of each is its heading
     */
    public static String table(String caption, Map<String, Integer> groups, List<String> headings, List<List<String>> rows) {
        String spans = groups.entrySet().stream().map(g -> "<th scope=\"colgroup\" colspan=\"%d\">%s</th>".formatted(
                g.getValue(), escape(g.getKey()))).collect(Collectors.joining());
        return """
                <div class="scroll" role="region" tabindex="0" aria-label="%s"><table>
                <caption>%s</caption>
                <thead>%s<tr>%s</tr></thead>
                <tbody>
                %s</tbody></table></div>
                """.formatted(escape(caption), escape(caption),
                groups.isEmpty() ? "" : "<tr><td></td>" + spans + "</tr>",
                cells("th scope=\"col\"", "th", headings), rows.stream().map(Html::row).collect(Collectors.joining()));
    }

    private static String row(List<String> row) {
        return "<tr>" + cells("th scope=\"row\"", "th", row.subList(0, 1))
                + cells("td", "td", row.subList(1, row.size())) + "</tr>\n";
    }

    /** What follows the first line of a cell stands below it, smaller. */
    private static String cells(String open, String close, List<String> texts) {
        return texts.stream().map(text -> {
            List<String> lines = text.lines().map(Html::escape).toList();
            return "<%s>%s%s</%s>".formatted(open, lines.isEmpty() ? "" : lines.getFirst(), lines.stream().skip(1)
                    .map(line -> "<small>" + line + "</small>").collect(Collectors.joining()), close);
        }).collect(Collectors.joining());
    }

    /** {@return the template with its holes filled} What goes in is HTML, and not looked at again. */
    public static String fill(String template, Map<String, String> values) {
        return HOLE.matcher(template).replaceAll(hole -> Matcher.quoteReplacement(value(values, hole.group(1))));
    }

    private static String value(Map<String, String> values, String name) {
        if (!values.containsKey(name)) {
            throw new AssertionError("the template asks for " + name + ", which nobody gives");
        }
        return values.get(name);
    }

    /** {@return a file beside a class} */
    public static String resource(Class<?> beside, String name) {
        return text(beside.getResourceAsStream(name), name);
    }

    /** {@return the style of all pages} */
    public static String style() {
        return resource(Html.class, "page.css");
    }

    /** {@return Chart.js without the line that sends a debugger to another file} */
    public static String chartLibrary() {
        Properties webjar = new Properties();
        try (InputStream in = Html.class.getResourceAsStream(WEBJAR)) {
            webjar.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String path = "/META-INF/resources/webjars/chart.js/" + webjar.getProperty("version") + "/dist/chart.umd.js";
        return text(Html.class.getResourceAsStream(path), path).replaceAll("(?m)^//# sourceMappingURL=.*$", "");
    }

    private static String text(InputStream stream, String name) {
        if (stream == null) {
            throw new AssertionError(name + " is not on the class path");
        }
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
