// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site as it is has nothing wrong; and what could be wrong with one is found. */
class SiteTest {
    private static final Path REPOSITORY = Path.of(System.getProperty("frameferry.home")).toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    @Test
    void thisOne() throws IOException {
        assertEquals(List.of(), new Site(REPOSITORY, directory.resolve("site")).make());
        String names = Files.readString(directory.resolve("site/api/c.html"));
        for (String name : List.of("ferry_pool_open", "ferry_bridge_receive", "ferry_device_ops", "FERRY_RX_FRAMES",
                "ferry_statistics", "FERRY_INLINE", "ferry_frame_push")) {
            assertTrue(names.contains("id=\"" + name + "\""), name);
        }
    }

    private void page(String name, String html) throws IOException {
        Files.createDirectories(directory.resolve(name).getParent());
        Files.writeString(directory.resolve(name), html);
    }

    @Test
    void aDirectoryOfSomebodyElse() throws IOException {
        page("thesis.html", "<p>");
        assertEquals(List.of(directory + " is neither empty nor a site: name another directory"),
                new Site(REPOSITORY, directory).make());
        assertTrue(Files.exists(directory.resolve("thesis.html")));
    }

    @Test
    void aPageThatNothingLeadsTo() throws IOException {
        page("docs/index.md", "## Guide\n\n- [A](a.md)\n");
        page("docs/a.md", "# A\n");
        page("docs/b.md", "# B\n");
        Contents contents = Contents.read(directory.resolve("docs/index.md"));
        assertEquals(List.of("docs/b.md: is not in the lists of docs/index.md"),
                new Site(directory, directory.resolve("site")).forgotten(contents));
    }

    @Test
    void whatIsWrongWithLinks() throws IOException {
        page("index.html", "<h1 id=top>x</h1><a href='sub/'>to <a href='sub/index.html#there'> <a href='#top'>"
                + "<a href='gone.html'> <a href='sub/index.html#gone'> <a href='#gone'> <a href='../above.html'>"
                + "<a href='https://example.org/'><img src='https://example.org/a.png'><img src='gone.svg'>");
        page("sub/index.html", "<p id=there><a href='../index.html#top'>");
        assertEquals(List.of("index.html: no file for link gone.html",
                "index.html: no anchor for link sub/index.html#gone",
                "index.html: no anchor for link #gone", "index.html: no file for link ../above.html",
                "index.html: loads https://example.org/a.png", "index.html: no file for link gone.svg"),
                Links.of(directory).problems());
    }

    @Test
    void codeThatIsNotCompiled() throws IOException {
        page("docs/src/test/java/A.java", "class A {\n    void a() {\n        b();\n\n        c();\n    }\n}\n");
        page("native/examples/a.c", "int main(void)\n{\n}\n");
        Snippets snippets = new Snippets(directory);
        String good = "```java\nb();\n\nc();\n```\n\n```c\nint main(void)\n```\n\n```sh\nrm\n```\n";
        assertEquals(List.of(), snippets.check("docs/a.md", good));
        assertEquals(List.of("docs/a.md: this code is in no compiled file: b();"),
                snippets.check("docs/a.md", "```java\nb();\nc();\n```\n"));
        assertEquals(List.of("docs/a.md: this code is in no compiled file: b();"),
                snippets.check("docs/a.md", good + "```c\nb();\n```\n"));
    }
}
