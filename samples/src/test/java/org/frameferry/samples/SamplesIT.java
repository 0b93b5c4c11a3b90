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
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each sample, copied into an empty folder, built and run there as its README says. The local repository was empty
/// before this build installed its artifacts there. What others made is taken from where this build has it, and only read.
class SamplesIT {
    private static final Path HOME = Path.of(System.getProperty("frameferry.home")).toAbsolutePath().normalize();
    private static final String ARTIFACTS = "java/bom,java/library,java/micrometer";
    private static final String DENIED = "--illegal-native-access=deny"; // where it was not asked for

    @TempDir
    private static Path repository;

    @TempDir
    private Path folder;

    private static List<String> maven(String... arguments) {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("mvnw").toString(), "-B", "-q", "-ntp",
                "-Dmaven.repo.local=" + repository, "-Dmaven.repo.local.tail=" + System.getProperty("maven.repository")));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), DENIED));
        command.addAll(List.of(arguments));
        return command;
    }

    @BeforeAll
    static void install() throws Exception {
        Program.run(HOME, maven("-DskipTests", "-Dmaven.source.skip", "-Dmaven.javadoc.skip", "-pl", ARTIFACTS, "install"));
    }

    @Test
    void count() throws Exception {
        copy("count");
        Program.run(folder, maven("package"));
        try (Program program = Program.start(folder, java("-jar", "target/count.jar", "0", "100"))) {
            send(program, 100);
            assertAtRest(program);
            assertEquals(100, sum(program.end(), "(\\d+) frames in a call"));
        }
    }

    /// What the guide promises: fifteen lines, one dependency. It is the jar that was built here, and no other.
    @Test
    void howLittleItTakes() throws Exception {
        copy("count");
        long lines = Files.readAllLines(folder.resolve("src/main/java/Count.java")).stream().map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("//")).count();
        assertTrue(lines <= 15, lines + " lines");
        Program.run(folder, maven("package"));
        Path jar = onlyFile(folder.resolve("target/lib"));
        assertEquals(-1, Files.mismatch(jar, HOME.resolve("java/library/target").resolve(jar.getFileName())));
    }

    /// JBang reads the head of the file; here, this does, so that it is not needed.
    @Test
    void singleFile() throws Exception {
        copy("single-file");
        String[] gav = directive("DEPS").split(":");
        Program.run(folder, maven("org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy", "-DoutputDirectory=lib",
                "-Dartifact=" + gav[0] + ":" + gav[1] + ":" + gav[2] + ":jar:" + gav[3]));
        try (Program program = Program.start(folder, java(directive("RUNTIME_OPTIONS"), "-cp", "lib/*", "Show.java", "0",
                "3"))) {
            send(program, 3);
            program.said("/127.0.0.1:\\d+ says number 2\n");
            assertAtRest(program);
        }
    }

    private String directive(String name) throws IOException {
        return Files.readAllLines(folder.resolve("Show.java")).stream().filter(line -> line.startsWith("//" + name + " "))
                .findFirst().orElseThrow().substring(name.length() + 3);
    }

    @Test
    void virtualThreads() throws Exception {
        copy("virtual-threads");
        Program.run(folder, maven("package"));
        try (Program program = Program.start(folder, java("--enable-native-access=org.frameferry", "-p", "target/modules",
                "-m", "org.example.handlers/org.example.handlers.Main", "0", "100"))) {
            send(program, 100);
            assertAtRest(program);
            assertEquals(10 * 8 + 90 * 9, sum(program.end(), "(\\d+) bytes handled in VirtualThread"));
        }
    }

    /// Scraped while it runs, and again after more has come.
    @Test
    void metrics() throws Exception {
        copy("metrics");
        Program.run(folder, maven("package"));
        try (Program program = Program.start(folder, java("-jar", "target/metrics.jar", "0", "0", "5"));
             HttpClient client = HttpClient.newHttpClient()) {
            send(program, 4);
            HttpRequest scrape = HttpRequest.newBuilder(URI.create(program.said("http:.*").group())).build();
            String figures;
            do {
                figures = client.send(scrape, BodyHandlers.ofString()).body();
            } while (!figures.contains("frameferry_bridge_frames_total{bridge=\"udp\",direction=\"rx\"} 4.0\n"));
            for (String line : List.of("# TYPE frameferry_pool_frames gauge",
                    "frameferry_pool_frames_max_frames{pool=\"datagrams\"} 4096.0")) {
                assertTrue(figures.contains(line + "\n"), figures);
            }
            send(program, 1);
            assertAtRest(program);
        }
    }

    private static int sum(String output, String number) {
        return Pattern.compile(number).matcher(output).results().mapToInt(m -> Integer.parseInt(m.group(1))).sum();
    }

    private static Path onlyFile(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), all::toString);
            return all.getFirst();
        }
    }

    private void copy(String sample) throws IOException {
        Path from = HOME.resolve("samples").resolve(sample);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }

    private static void send(Program receiver, int datagrams) throws IOException, InterruptedException {
        MatchResult at = receiver.said("receiving at /([0-9.]+):([0-9]+)\n");
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < datagrams; i++) {
                byte[] data = ("number " + i).getBytes();
                socket.send(new DatagramPacket(data, data.length, InetAddress.getByName(at.group(1)),
                        Integer.parseInt(at.group(2))));
            }
        }
    }

    /// The last word of each sample: nobody holds a frame, and each is in one place.
    private static void assertAtRest(Program program) throws Exception {
        MatchResult audit = program.said("PoolAudit\\[frames=(\\d+), free=(\\d+), cached=(\\d+), queued=0, device=0, "
                + "leased=0, duplicated=0, corrupt=0\\]\n$");
        assertEquals(Integer.parseInt(audit.group(1)),
                Integer.parseInt(audit.group(2)) + Integer.parseInt(audit.group(3)), audit.group());
        program.end();
    }
}
