// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What `./ferry docs` runs: makes the site, and fails if anything is wrong with it. Main thread. */
final class Main {
    private Main() {}

    /**
     * Makes the site.
     *
     * @param arguments the repository, and where the site goes: what is there is replaced
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path out = Path.of(arguments[1]).toAbsolutePath().normalize();
        Site site = new Site(Path.of(arguments[0]).toAbsolutePath().normalize(), out);
        List<String> problems = site.make();
        problems.forEach(System.err::println);
        if (!problems.isEmpty()) {
            System.err.println("ferry: problems with the site: " + problems.size());
            System.exit(1);
        }
        System.out.println(site.summary());
        System.out.println("site: " + out.resolve("index.html"));
    }
}
