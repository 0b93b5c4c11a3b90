// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Code that a page of docs/ shows stands, line by line, in a file that is compiled and run: Java in the tests of this
 * module, C in the native examples. Only the indentation of the whole may differ. Immutable.
 */
final class Snippets {
    private static final Pattern BLOCK =
            Pattern.compile("^```(java|c)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private final List<String> java;
    private final List<String> c;

    Snippets(Path repository) throws IOException {
        java = sources(repository.resolve("docs/src/test/java"), ".java");
        c = sources(repository.resolve("native/examples"), ".c");
    }

    private static List<String> sources(Path directory, String ending) throws IOException {
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(ending)).toList()) {
                sources.add("\n" + Files.readString(file));
            }
        }
        return sources;
    }

    /** {@return a line for each block of a page that is in none of them} */
    List<String> check(String page, String markdown) {
        List<String> problems = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(page.startsWith("docs/") ? markdown : "");
        while (blocks.find()) {
            List<String> sources = blocks.group(1).equals("java") ? java : c;
            if (sources.stream().noneMatch(source -> contains(source, blocks.group(2)))) {
                problems.add(page + ": this code is in no compiled file: "
                        + blocks.group(2).lines().findFirst().orElse(""));
            }
        }
        return problems;
    }

    private static boolean contains(String source, String block) {
        for (int indent = 0; indent <= 24; indent += 4) {
            String margin = " ".repeat(indent);
            StringBuilder moved = new StringBuilder("\n");
            block.lines().forEach(line -> moved.append(line.isEmpty() ? "" : margin + line).append('\n'));
            if (source.contains(moved)) {
                return true;
            }
        }
        return false;
    }
}
