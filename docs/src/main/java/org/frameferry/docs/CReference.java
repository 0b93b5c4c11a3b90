// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reference of the C API: the headers as they stand, their comments as text, with an anchor for each name. One
 * thread.
 *
 * It relies on how the headers are written: what a comment is about follows it, up to the next empty line, and sections
 * begin with a comment of dashes.
 */
final class CReference {
    private static final Pattern SECTION = Pattern.compile("/\\* -+ (.+?) -+ \\*/");
    private static final Pattern NAME = Pattern.compile(
            "#define (FERRY_\\w+)|(?:struct|enum) (ferry_\\w+) \\{|\\b(ferry_\\w+)\\(|\\} (ferry_\\w+);"
                    + "|typedef struct \\w+ (ferry_\\w+);|^    (FERRY_\\w+)[,=]", Pattern.MULTILINE);
    private static final Pattern PLUMBING = Pattern.compile("#(if|endif|else|include|undef)|extern \"C\"|\\}$"
            + "|#define FRAMEFERRY_|#define FERRY_API");

    private final StringBuilder html = new StringBuilder("<h1>C reference</h1>\n");
    private String comment = "";
    private final List<String> code = new ArrayList<>();

    private CReference() {}

    /** {@return the body of the page} */
    static String render(Path directory, List<String> headers) throws IOException {
        CReference reference = new CReference();
        for (String header : headers) {
            reference.html.append("<h2 id=\"" + header + "\"><code>" + header + "</code></h2>\n");
            reference.header(Files.readAllLines(directory.resolve(header)));
        }
        return reference.html.toString();
    }

    private void header(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher section = SECTION.matcher(line);
            if (section.matches()) {
                flush();
                html.append("<h3>").append(section.group(1)).append("</h3>\n");
            } else if (line.startsWith("/*") && !line.contains("SPDX")) {
                flush();
                int end = i;
                while (!lines.get(end).contains("*/")) {
                    end++;
                }
                comment = text(lines.subList(i, end + 1));
                i = end;
            } else if (line.isBlank()) {
                flush();
            } else if (!line.startsWith("/*") && !PLUMBING.matcher(line).lookingAt()) {
                code.add(line);
            }
        }
        flush();
    }

    /** Paragraphs are set apart by empty lines, as in the comment; what is indented further is left as it stands. */
    private static String text(List<String> lines) {
        StringBuilder text = new StringBuilder("<p>");
        for (String line : lines) {
            String plain = escaped(line.replaceAll(" *\\*+/$", "").replaceAll("^/?\\*+ ?|^ \\*+ ?", ""));
            text.append(plain.isEmpty() ? "</p><p>"
                    : plain.startsWith("  ") ? "</p><pre>" + plain.substring(2) + "\n</pre><p>" : plain + " ");
        }
        return text.append("</p>\n").toString().replace("</pre><p></p><pre>", "").replaceAll("<p>\\s*</p>", "");
    }

    /** One comment with its declarations. */
    private void flush() {
        if (!comment.isEmpty() || !code.isEmpty()) {
            String all = String.join("\n", code);
            html.append("<section>\n");
            Matcher names = NAME.matcher(all);
            while (names.find()) {
                for (int group = 1; group <= names.groupCount(); group++) {
                    anchor(names.group(group));
                }
            }
            if (!code.isEmpty()) {
                html.append("<pre><code>").append(escaped(all.replace("FERRY_API ", ""))).append("</code></pre>\n");
            }
            html.append(comment).append("</section>\n");
        }
        comment = "";
        code.clear();
    }

    private void anchor(String name) {
        if (name != null && html.indexOf("id=\"" + name + "\"") < 0) {
            html.append("<a id=\"").append(name).append("\"></a>");
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
