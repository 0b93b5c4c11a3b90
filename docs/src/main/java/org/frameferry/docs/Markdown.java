// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Markdown to HTML. A link to another page becomes one to its HTML; a file of the repository that is no page comes
 * along as it is. One thread.
 */
final class Markdown {
    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), HeadingAnchorExtension.create());

    private final Path repository;
    private final Path out;
    private final Contents contents;
    private final Parser parser = Parser.builder().extensions(EXTENSIONS).build();
    private final HtmlRenderer renderer = HtmlRenderer.builder().extensions(EXTENSIONS).build();

    Markdown(Path repository, Path out, Contents contents) {
        this.repository = repository;
        this.out = out;
        this.contents = contents;
    }

    /** {@return the body of a page} */
    String render(String source, Contents.Entry page) {
        Node document = parser.parse(source);
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                link.setDestination(destination(link.getDestination(), page));
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                image.setDestination(destination(image.getDestination(), page));
                visitChildren(image);
            }
        });
        // A wide table, or picture, scrolls by itself, and not the page with it.
        return renderer.render(document)
                .replace("<table>", "<div class=\"scroll\"><table>").replace("</table>", "</table></div>")
                .replaceAll("<p>(<img [^>]*>)</p>", "<p class=\"picture\">$1</p>");
    }

    private String destination(String link, Contents.Entry page) {
        if (link.startsWith("#") || link.contains("://")) {
            return link;
        }
        String[] parts = link.split("#", 2);
        String anchor = parts.length == 2 ? "#" + parts[1] : "";
        String file = Path.of(page.source()).resolveSibling(parts[0]).normalize().toString();
        if (contents.of(file).isPresent()) {
            return page.to(Contents.target(file)) + anchor;
        }
        return Files.isRegularFile(repository.resolve(file)) ? page.to(bring(file)) + anchor : link;
    }

    /** Brings a file along. A page that is not in the contents comes as Markdown, and the check of links says so. */
    private String bring(String file) {
        String target = Contents.target(file);
        try {
            Path copy = out.resolve(target);
            if (!Files.exists(copy) && !file.endsWith(".md")) {
                Files.createDirectories(copy.getParent());
                Files.copy(repository.resolve(file), copy);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
