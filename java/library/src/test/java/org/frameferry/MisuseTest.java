// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every misuse of every public method: it ends as MISUSE.md says, the process lives, and each audit is exact.
class MisuseTest {
    static Stream<MisuseRow.Cell> cells() {
        return MisuseTable.rows().stream().flatMap(MisuseRow::cells);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void endsAsDocumented(MisuseRow.Cell cell) {
        try {
            cell.execute();
        } catch (Throwable e) {
            throw new AssertionError(cell + " ended with " + e, e); // the report has only numbers
        }
    }

    /// With `-Dmisuse.write` the document is written instead.
    @Test
    void theDocumentSaysTheSame() throws IOException {
        String table = MisuseTable.render();
        String document = Files.readString(MisuseTable.DOCUMENT);
        String rest = document.substring(document.indexOf(MisuseTable.END));
        if (System.getProperty("misuse.write") != null) {
            Files.writeString(MisuseTable.DOCUMENT, table + rest);
        } else {
            assertEquals(table + rest, document, "MISUSE.md is not what the tests do: see CONTRIBUTING.md");
        }
    }

    @Test
    void everyPublicMethodHasOneRow() throws Exception {
        List<String> rows = MisuseTable.rows().stream().map(MisuseRow::toString).toList();
        Set<String> methods = new TreeSet<>();
        for (Class<?> type : publicTypes()) {
            Arrays.stream(type.getDeclaredMethods()).filter(MisuseTest::isListed)
                    .forEach(method -> methods.add(MisuseTable.name(type) + "." + MisuseRow.signature(method)));
        }
        assertEquals(methods, new TreeSet<>(rows));
        assertEquals(methods.size(), rows.size(), "rows twice");
    }

    private static List<Class<?>> publicTypes() throws IOException, URISyntaxException {
        Path classes = ChildJvm.classes(FramePool.class);
        try (Stream<Path> files = Files.list(classes.resolve("org/frameferry"))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".class"))
                    .map(name -> "org.frameferry." + name.substring(0, name.length() - ".class".length()))
                    .<Class<?>>map(MisuseTest::load).filter(MisuseTest::isPublic).collect(Collectors.toList());
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, MisuseTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers()) && (!type.isMemberClass() || isPublic(type.getEnclosingClass()));
    }

    /// Not what a record or an enum has by itself, nor what everything has from [Object].
    private static boolean isListed(Method method) {
        Class<?> type = method.getDeclaringClass();
        boolean component = type.isRecord() && Arrays.stream(type.getRecordComponents())
                .anyMatch(c -> c.getAccessor().equals(method));
        boolean inherited = Arrays.stream(Object.class.getMethods())
                .anyMatch(m -> MisuseRow.signature(m).equals(MisuseRow.signature(method)));
        return Modifier.isPublic(method.getModifiers()) && !method.isSynthetic() && !component && !inherited
                && !type.isEnum();
    }
}
