// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of the site: what the lists of index.md link to, under its headings. Immutable.
 *
 * @param entries first of all index.md itself
 */
record Contents(List<Entry> entries) {
    /**
     * One page.
     *
     * @param section the heading that it stands under; empty for the first one
     * @param title what the link says
     * @param source from the root of the repository: Markdown, or what is made otherwise
     * @param target from the root of the site
     */
    record Entry(String section, String title, String source, String target) {
        boolean isMarkdown() {
            return source.endsWith(".md");
        }

        /** {@return a link from this page to another place of the site} */
        String to(String other) {
            return "../".repeat((int) target.chars().filter(c -> c == '/').count()) + other;
        }
    }

    private static final Path DOCS = Path.of("docs");
    private static final Pattern HEADING = Pattern.compile("## (.+)");
    private static final Pattern ITEM = Pattern.compile("- \\[([^]]+)]\\(([^)]+)\\).*");

    static Contents read(Path index) throws IOException {
        List<Entry> entries = new ArrayList<>(List.of(new Entry("", "Frameferry", "docs/index.md", "index.html")));
        String section = "";
        for (String line : Files.readAllLines(index)) {
            Matcher heading = HEADING.matcher(line);
            Matcher item = ITEM.matcher(line);
            if (heading.matches()) {
                section = heading.group(1);
            } else if (item.matches()) {
                String source = DOCS.resolve(item.group(2)).normalize().toString();
                entries.add(new Entry(section, item.group(1), source, target(source)));
            }
        }
        return new Contents(List.copyOf(entries));
    }

    /** {@return where a file of the repository lies in the site: those of docs/ at its root} */
    static String target(String source) {
        Path path = Path.of(source);
        String target = path.startsWith(DOCS) ? DOCS.relativize(path).toString() : "project/" + source;
        return target.replaceAll("\\.md$", ".html");
    }

    Optional<Entry> of(String source) {
        return entries.stream().filter(entry -> entry.source().equals(source)).findFirst();
    }
}
