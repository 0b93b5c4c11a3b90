// SPDX-License-Identifier: Apache-2.0
package org.frameferry.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each sample, copied into an empty folder, built and run there as its README says. The local repository was empty
/// before this build installed its artifacts there. What others made is read from where this build has it.
class SamplesIT {
    private static final Path HOME = Path.of(System.getProperty("frameferry.home")).toAbsolutePath().normalize();
    private static final String DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0";

    @TempDir
    private static Path repository;

    @TempDir
    private Path folder;

    @BeforeAll
    static void install() throws Exception {
        maven(HOME, "-DskipTests", "-Dmaven.source.skip", "-Dmaven.javadoc.skip",
                "-pl", "java/bom,java/library,java/micrometer", "install");
    }

    private static void maven(Path where, String... arguments) throws Exception {
        String others = System.getProperty("maven.repository");
        Program.run(where, List.of(HOME.resolve("mvnw").toString(), "-B", "-q", "-ntp",
                "-Dmaven.repo.local=" + repository, "-Dmaven.repo.local.tail=" + others), arguments);
    }

    /// Where native access was not asked for, it is denied, as it will be by default one day.
    private Program java(String... arguments) throws IOException {
        return Program.start(folder, List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--illegal-native-access=deny"), arguments);
    }

    /// From an empty folder in at most fifteen lines, with one dependency: the jar that was built here, and no other.
    @Test
    void count() throws Exception {
        copy("count");
        long lines = Files.readAllLines(folder.resolve("src/main/java/Count.java")).stream().map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("//")).count();
        assertTrue(lines <= 15, lines + " lines");
        maven(folder, "package");
        try (Stream<Path> files = Files.list(folder.resolve("target/lib"))) {
            List<Path> jars = files.toList();
            assertEquals(1, jars.size(), jars::toString);
            Path built = HOME.resolve("java/library/target").resolve(jars.getFirst().getFileName());
            assertEquals(-1, Files.mismatch(jars.getFirst(), built));
        }
        try (Program program = java("-jar", "target/count.jar", "0", "100")) {
            send(program, 100);
            assertAtRest(program);
            assertEquals(100, sum(program.end(), "(\\d+) frames in a call"));
        }
    }

    @Test
    void singleFile() throws Exception {
        copy("single-file");
        try (Program program = file("Show.java", "0", "3")) {
            send(program, 3);
            program.said("/127.0.0.1:\\d+ says number 2\n");
            assertAtRest(program);
        }
    }

    /// Built by CMake against what is installed of the native library.
    @Test
    void device() throws Exception {
        copy("device");
        Program.run(HOME, List.of("cmake", "--install", "native/build/release"),
                "--prefix", folder.resolve("installed").toString());
        copy(HOME.resolve("native/examples/device"), folder.resolve("device"));
        Program.run(folder, List.of("cmake", "-S", "device", "-B", "build"),
                "-DCMAKE_PREFIX_PATH=" + folder.resolve("installed"));
        Program.run(folder, List.of("cmake", "--build", "build"));
        try (Program program = file("Beats.java", "build/libmetronome.so", "10")) {
            program.said("beat 0\n(.*\n)*beat 9\n");
            assertAtRest(program);
        }
    }

    @Test
    void virtualThreads() throws Exception {
        copy("virtual-threads");
        maven(folder, "package");
        try (Program program = java("--enable-native-access=org.frameferry", "-p", "target/modules",
                "-m", "org.example.handlers/org.example.handlers.Main", "0", "100")) {
            send(program, 100);
            assertAtRest(program);
            assertEquals(10 * 8 + 90 * 9, sum(program.end(), "(\\d+) bytes handled in VirtualThread"));
        }
    }

    /// Scraped while it runs, as often as it takes until the figures are there.
    @Test
    void metrics() throws Exception {
        copy("metrics");
        maven(folder, "-Dprocessor=linux-" + System.getProperty("os.arch").replace("amd64", "x86_64"), "package");
        try (Program program = java("-jar", "target/metrics.jar", "0", "0", "5");
             HttpClient client = HttpClient.newHttpClient()) {
            send(program, 4);
            HttpRequest scrape = HttpRequest.newBuilder(URI.create(program.said("(http:.*)\n").group(1))).build();
            String figures;
            do {
                figures = client.send(scrape, BodyHandlers.ofString()).body();
            } while (!figures.contains("\nframeferry_bridge_frames_total{bridge=\"udp\",direction=\"rx\"} 4.0\n"));
            assertTrue(figures.contains("\n# TYPE frameferry_pool_frames gauge\n"), figures);
            assertTrue(figures.contains("\nframeferry_pool_frames_max_frames{pool=\"datagrams\"} 4096.0\n"), figures);
            send(program, 1);
            assertAtRest(program);
        }
    }

    private void copy(String sample) throws IOException {
        copy(HOME.resolve("samples").resolve(sample), folder);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    /// Runs a single file with the artifact and the options that its first lines name. JBang reads them as well.
    private Program file(String name, String... arguments) throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve(name));
        String[] artifact = directive(lines, "DEPS").split(":");
        maven(folder, DEPENDENCY_PLUGIN + ":copy", "-DoutputDirectory=lib",
                "-Dartifact=" + String.join(":", artifact[0], artifact[1], artifact[2], "jar", artifact[3]));
        return java(Stream.concat(Stream.of(directive(lines, "RUNTIME_OPTIONS"), "-cp", "lib/*", name),
                Stream.of(arguments)).toArray(String[]::new));
    }

    private static String directive(List<String> lines, String name) {
        String start = "//" + name + " ";
        return lines.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow()
                .substring(start.length());
    }

    private static void send(Program receiver, int datagrams) throws Exception {
        MatchResult at = receiver.said("receiving at /([0-9.]+):([0-9]+)\n");
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < datagrams; i++) {
                byte[] data = ("number " + i).getBytes();
                socket.send(new DatagramPacket(data, data.length, InetAddress.getByName(at.group(1)),
                        Integer.parseInt(at.group(2))));
            }
        }
    }

    private static int sum(String output, String number) {
        return Pattern.compile(number).matcher(output).results().mapToInt(m -> Integer.parseInt(m.group(1))).sum();
    }

    /// The last line of each sample: nobody holds a frame, and each is in one place.
    private static void assertAtRest(Program program) throws Exception {
        MatchResult audit = program.said("PoolAudit\\[frames=(\\d+), free=(\\d+), cached=(\\d+), queued=0, device=0, "
                + "leased=0, duplicated=0, corrupt=0\\]\n$");
        assertEquals(Integer.parseInt(audit.group(1)),
                Integer.parseInt(audit.group(2)) + Integer.parseInt(audit.group(3)), audit.group());
        program.end();
    }
}
