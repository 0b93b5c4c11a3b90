// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** Every link of every page: its file exists, and so does its anchor; nothing is loaded from elsewhere. One thread. */
final class Links {
    private final Path root;
    private final Map<Path, Document> pages = new TreeMap<>();
    private final Map<Path, Set<String>> anchors = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private int inside;
    private int outside;

    private Links(Path root) {
        this.root = root;
    }

    static Links of(Path root) throws IOException {
        Links links = new Links(root);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".html")).toList()) {
                links.add(file);
            }
        }
        links.pages.forEach(links::check);
        return links;
    }

    private void add(Path file) throws IOException {
        Document page = Jsoup.parse(file, StandardCharsets.UTF_8.name());
        Set<String> names = new HashSet<>(page.select("[id]").eachAttr("id"));
        names.addAll(page.select("a[name]").eachAttr("name"));
        pages.put(file, page);
        anchors.put(file, names);
    }

    private void check(Path file, Document page) {
        for (Element element : page.select("[href], [src]")) {
            String link = element.hasAttr("href") ? element.attr("href") : element.attr("src");
            boolean elsewhere = link.matches("([a-z]+:)?//.*|mailto:.*");
            if (elsewhere && !element.tagName().equals("a")) {
                problems.add(root.relativize(file) + ": loads " + link);
            } else if (elsewhere) {
                outside++;
            } else if (!link.startsWith("data:") && !link.startsWith("javascript:")) {
                inside++;
                check(file, link);
            }
        }
    }

    private void check(Path file, String link) {
        String[] parts = link.split("#", 2);
        String path = parts[0].replaceAll("\\?.*", "");
        Path target = path.isEmpty() ? file : file.resolveSibling(decoded(path)).normalize();
        if (Files.isDirectory(target)) {
            target = target.resolve("index.html");
        }
        if (!target.startsWith(root) || !Files.isRegularFile(target)) {
            problems.add(root.relativize(file) + ": no file for link " + link);
        } else if (parts.length == 2 && !parts[1].isEmpty() && !hasAnchor(target, parts[1])) {
            problems.add(root.relativize(file) + ": no anchor for link " + link);
        }
    }

    private boolean hasAnchor(Path target, String name) {
        Set<String> names = anchors.getOrDefault(target, Set.of());
        return names.contains(name) || names.contains(decoded(name));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    String summary() {
        return "%,d pages, %,d links within the site checked, %,d to elsewhere"
                .formatted(pages.size(), inside, outside);
    }
}
