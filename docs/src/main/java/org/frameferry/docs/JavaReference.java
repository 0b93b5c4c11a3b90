// SPDX-License-Identifier: Apache-2.0
package org.frameferry.docs;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.HdrHistogram.Histogram;

/** The reference of the Java API, by the JDK's own tool. Static functions. */
final class JavaReference {
    private JavaReference() {}

    /** {@return what the tool complained about} */
    static List<String> write(Path repository, Path out) throws IOException {
        Path histograms = Path.of(Histogram.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        List<String> arguments = new ArrayList<>(List.of("-quiet", "-notimestamp", "-Xdoclint:all", "-Werror",
                "-Xdoclint/package:-org.frameferry.bindings", "--no-fonts", "-d", out.toString(),
                "-windowtitle", "Frameferry", "-header", "<a href=\"{@docRoot}/../../index.html\">Frameferry</a>",
                "--module-path", histograms.toString(),
                "--module-source-path", "org.frameferry=" + repository.resolve("java/library/src/main/java")
                        + ":" + repository.resolve("jextract/generated"), "--module", "org.frameferry"));
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said, true);
        int exit = ToolProvider.findFirst("javadoc").orElseThrow(() -> new IOException("this JDK has no javadoc"))
                .run(writer, writer, arguments.toArray(String[]::new));
        if (exit == 0) {
            return List.of();
        }
        return said.toString().lines().map(line -> "javadoc: " + line).toList();
    }
}
