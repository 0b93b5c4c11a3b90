// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is around the body of every page: its head, the contents of the site, the way on. One thread. */
final class Page {
    private final Contents contents;
    private final String template;

    Page(Contents contents) throws IOException {
        this.contents = contents;
        try (InputStream in = Page.class.getResourceAsStream("page.html")) {
            template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** {@return the whole page} */
    String around(Contents.Entry page, String body) {
        List<Contents.Entry> all = contents.entries();
        int at = all.indexOf(page);
        String before = at == 0 ? "" : way("before", page, all.get(at - 1));
        String next = at == all.size() - 1 ? "" : way("next", page, all.get(at + 1));
        return template.replace("{title}", at == 0 ? "Frameferry" : page.title() + " · Frameferry")
                .replace("{home}", page.to("index.html")).replace("{style}", page.to("site.css"))
                .replace("{contents}", contents(page)).replace("{way}", before + next).replace("{body}", body);
    }

    private static String way(String which, Contents.Entry from, Contents.Entry to) {
        return "<a class=\"" + which + "\" href=\"" + from.to(to.target()) + "\">" + to.title() + "</a>";
    }

    private String contents(Contents.Entry page) {
        StringBuilder html = new StringBuilder();
        String section = "";
        for (Contents.Entry entry : contents.entries().subList(1, contents.entries().size())) {
            if (!entry.section().equals(section)) {
                html.append(section.isEmpty() ? "" : "</ul>").append("<h2>" + entry.section() + "</h2><ul>\n");
                section = entry.section();
            }
            html.append("<li><a href=\"").append(page.to(entry.target())).append('"')
                    .append(entry.equals(page) ? " aria-current=\"page\"" : "").append('>').append(entry.title())
                    .append("</a></li>\n");
        }
        return html.append("</ul>").toString();
    }
}
