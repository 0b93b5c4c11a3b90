// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The whole site: the pages that index.md leads to, in its order, what they refer to, and the references of both APIs.
 * It loads nothing from elsewhere. One thread.
 */
final class Site {
    private static final String JAVA_API = "api/java";
    private static final String C_API = "api/c.html";
    private static final List<String> HEADERS = List.of("frameferry.h", "frame.h", "device.h", "nic.h");

    private final Path repository;
    private final Path out;
    private Links links;

    Site(Path repository, Path out) {
        this.repository = repository;
        this.out = out;
    }

    /** {@return what is wrong with it, a line each; nothing, if all is well} */
    List<String> make() throws IOException {
        if (!mayReplace()) {
            return List.of(out + " is neither empty nor a site: name another directory");
        }
        delete(out);
        Files.createDirectories(out);
        try (InputStream style = Site.class.getResourceAsStream("site.css")) {
            Files.write(out.resolve("site.css"), style.readAllBytes());
        }
        List<String> problems = new ArrayList<>();
        Contents contents = Contents.read(repository.resolve("docs/index.md"));
        Markdown markdown = new Markdown(repository, out, contents);
        Page page = new Page(contents);
        Snippets snippets = new Snippets(repository);
        for (Contents.Entry entry : contents.entries()) {
            if (entry.isMarkdown()) {
                String source = Files.readString(repository.resolve(entry.source()));
                write(entry.target(), page.around(entry, markdown.render(source, entry)));
                problems.addAll(snippets.check(entry.source(), source));
            } else if (entry.target().equals(C_API)) {
                Path headers = repository.resolve("native/include/frameferry");
                write(C_API, page.around(entry, CReference.render(headers, HEADERS)));
            }
        }
        problems.addAll(forgotten(contents));
        problems.addAll(JavaReference.write(repository, out.resolve(JAVA_API)));
        links = Links.of(out);
        problems.addAll(links.problems());
        return problems;
    }

    /** What we delete must be ours. */
    private boolean mayReplace() throws IOException {
        if (!Files.exists(out) || Files.exists(out.resolve("site.css"))) {
            return true;
        }
        try (Stream<Path> files = Files.list(out)) {
            return files.findAny().isEmpty();
        }
    }

    /** {@return a line for each page that nothing leads to} */
    List<String> forgotten(Contents contents) throws IOException {
        try (Stream<Path> files = Files.walk(repository.resolve("docs"))) {
            return files.map(file -> repository.relativize(file).toString())
                    .filter(file -> file.endsWith(".md") && contents.of(file).isEmpty())
                    .map(file -> file + ": is not in the lists of docs/index.md").sorted().toList();
        }
    }

    String summary() {
        return links.summary();
    }

    private void write(String target, String html) throws IOException {
        Path file = out.resolve(target);
        Files.createDirectories(file.getParent());
        Files.writeString(file, html, StandardCharsets.UTF_8);
    }

    /** What was there before must not keep a link alive. */
    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, IOException e) throws IOException {
                Files.delete(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
