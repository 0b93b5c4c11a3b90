// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.frameferry.bindings.FerryBindings;
import org.junit.jupiter.api.Test;

/// The jars as users get them: what is in each, and that a pool opens with them, as modules and on the class path.
class ArtifactsIT {
    private static final String NATIVE = "META-INF/native/";
    private static final String MODULE_ACCESS = "--enable-native-access=org.frameferry";
    private static final String ACCESS = "--enable-native-access=ALL-UNNAMED";
    private static final String FOUND = "ok " + Frameferry.diagnose();
    private static final int KIBIBYTE = 1024;

    private static Path target() throws Exception {
        return ChildJvm.classes(FramePool.class).getParent();
    }

    /// {@return the jar with that classifier, or the main one for ""}
    private static Path jar(String classifier) throws Exception {
        String end = (classifier.isEmpty() ? "" : "-" + classifier) + ".jar";
        try (Stream<Path> files = Files.list(target())) {
            return files.filter(f -> f.getFileName().toString().matches("frameferry-[0-9.]+(-SNAPSHOT)?" + end))
                    .findFirst().orElseThrow(() -> new IllegalStateException("no jar " + end));
        }
    }

    private static Set<String> in(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName)
                    .filter(name -> !name.startsWith("META-INF/maven/") && !name.equals(JarFile.MANIFEST_NAME))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> natives(String... platforms) {
        return Stream.of(platforms).map(platform -> NATIVE + platform + "/libframeferry.so")
                .collect(Collectors.toSet());
    }

    @Test
    void theMainJarHasTheClassesAndThoseWithAClassifierTheNatives() throws Exception {
        Set<String> here = natives(NativeLibrary.platform());
        assertEquals(here, in(jar(NativeLibrary.platform())));
        Set<String> main = in(jar(""));
        assertTrue(main.contains("module-info.class"));
        assertTrue(main.stream().noneMatch(name -> name.startsWith(NATIVE)), main.toString());
        Set<String> all = in(jar("all"));
        assertTrue(all.containsAll(main) && all.containsAll(here), all.toString());
        all.removeAll(main);
        assertTrue(natives("linux-x86_64", "linux-aarch64").containsAll(all), all.toString());
    }

    @Test
    void sourcesAndJavadoc() throws Exception {
        Set<String> sources = in(jar("sources"));
        assertTrue(sources.containsAll(Set.of("module-info.java", "org/frameferry/FramePool.java",
                "org/frameferry/bindings/FerryBindings.java")), sources.toString());
        assertTrue(sources.stream().noneMatch(name -> name.startsWith(NATIVE)), sources.toString());
        Set<String> pages = in(jar("javadoc"));
        assertTrue(pages.contains("org.frameferry/org/frameferry/FramePool.html"), pages.toString());
        assertTrue(pages.stream().noneMatch(name -> name.contains("bindings")), "internals in the Javadoc");
    }

    @Test
    void withOneNativeLibraryItIsSmall() throws Exception {
        long bytes = Files.size(jar("")) + Files.size(jar(NativeLibrary.platform()));
        assertTrue(bytes <= 300 * KIBIBYTE, bytes + " bytes");
    }

    /// The POM that is published stands by itself, and asks for nothing.
    @Test
    void noDependencyThatItNeeds() throws Exception {
        String pom = Files.readString(target().resolve(".flattened-pom.xml"));
        for (String needed : List.of("name", "description", "url", "license", "developer", "scm")) {
            assertTrue(pom.contains("<" + needed), "no " + needed);
        }
        assertTrue(!pom.contains("<parent>"), "a parent");
        assertEquals(pom.split("<dependency>").length, pom.split("<optional>true</optional>").length, pom);
    }

    @Test
    void theVersionOfTheJarIsTheLibrarys() throws Exception {
        int version = FerryBindings.ferry_version();
        String dotted = version / 10000 + "." + version / 100 % 100 + "." + version % 100;
        assertTrue(jar("").getFileName().toString().matches("frameferry-" + dotted + "(-SNAPSHOT)?\\.jar"), dotted);
    }

    @Test
    void onTheClassPath() throws Exception {
        Path tests = ChildJvm.classes(ArtifactsIT.class);
        for (String path : List.of(jar("all") + ":" + tests,
                jar("") + ":" + jar(NativeLibrary.platform()) + ":" + tests)) {
            ChildJvm.onClassPath(List.of(ACCESS, "--class-path=" + path), "open").assertOk(FOUND);
        }
        ChildJvm.Result alone =
                ChildJvm.onClassPath(List.of(ACCESS, "--class-path=" + jar("") + ":" + tests), "open");
        assertTrue(alone.output().startsWith("ENOLIBRARY: no jar here has a native library for "), alone.output());
    }

    @Test
    void asModules() throws Exception {
        ChildJvm.onModulePath(List.of(MODULE_ACCESS, "--module-path=" + jar("all")), "open").assertOk(FOUND);
        String two = "--module-path=" + jar("") + ":" + jar(NativeLibrary.platform());
        ChildJvm.onModulePath(List.of(MODULE_ACCESS, two,
                "--add-modules=org.frameferry." + NativeLibrary.platform().replace('-', '.')), "open").assertOk(FOUND);
    }
}
