// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All rows, and the document that is made of them. No state; any thread.
final class MisuseTable {
    static final Path DOCUMENT = Path.of("..", "..", "MISUSE.md");

    /// What follows in the document is the other artifact's, whose own tests hold it.
    static final String END = "## frameferry-micrometer\n";

    private MisuseTable() {
    }

    static List<MisuseRow> rows() {
        return Stream.of(MisuseOfPool.rows(), MisuseOfPoolBuilder.rows(), MisuseOfTuning.rows(), MisuseOfBean.rows(),
                MisuseOfSizedPool.rows(), MisuseOfSizedPoolBuilder.rows(), MisuseOfFrame.rows(), MisuseOfWindow.rows(),
                MisuseOfBatch.rows(), MisuseOfBridge.rows(), MisuseOfBridgeBuilder.rows(), MisuseOfDevice.rows(), MisuseOfJavaDevice.rows(),
                MisuseOfCard.rows(), MisuseOfSender.rows(), MisuseOfSenderBuilder.rows(), MisuseOfValue.rows())
                .flatMap(List::stream).toList();
    }

    /// `Bridge.Builder`.
    static String name(Class<?> type) {
        String name = type.getSimpleName();
        return type.isMemberClass() ? name(type.getEnclosingClass()) + "." + name : name;
    }

    /// The document up to [#END].
    static String render() {
        Map<Class<?>, String> types = new LinkedHashMap<>();
        for (MisuseRow row : rows()) {
            types.merge(row.type(), row.render(), String::concat);
        }
        StringBuilder document = new StringBuilder(head());
        types.forEach((type, rows) -> document.append("\n## ").append(name(type)).append("\n\n").append(titles())
                .append(rows));
        return document.append('\n').toString();
    }

    private static String head() {
        String misuses = Arrays.stream(Misuse.values())
                .map(misuse -> "| " + misuse.title + " | " + misuse.meaning + " |\n").collect(Collectors.joining());
        return """
                <!-- SPDX-License-Identifier: Apache-2.0 -->
                # Misuse

                What becomes of every misuse of every public method. A test executes each cell of these tables and
                writes this file: see [CONTRIBUTING.md](CONTRIBUTING.md#tests). After each one the process lives, the
                pool leases and takes back, and its audit is exact.

                A cell names the exception, of exactly that class, or says what the method does instead. *works*: what
                it always does. –: cannot be. Where a release or a close goes on meanwhile, the result of *concurrent*
                is that from before it or that from after it.

                | Misuse | The method is called |
                |---|---|
                %s
                Not listed: accessors of records, constants, and what everything has from `Object`.
                """.formatted(misuses);
    }

    private static String titles() {
        return Arrays.stream(Misuse.values()).map(misuse -> misuse.title)
                .collect(Collectors.joining(" | ", "| | ", " |\n")) + "|---".repeat(Misuse.values().length + 1) + "|\n";
    }
}
