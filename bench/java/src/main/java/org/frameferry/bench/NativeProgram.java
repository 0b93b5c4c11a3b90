// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.frameferry.bench.results.Measurement;
import org.frameferry.cli.demo.Programs;

/** A benchmark in C: runs it and reads the JSON that it prints. Any thread. */
public final class NativeProgram {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** By a signal that asks for it: Ctrl-C, or what a terminal that closes leads to. */
    private static final int INTERRUPTED = 130;
    private static final Set<Integer> ENDED = Set.of(INTERRUPTED, 143);
    private static final String JEMALLOC = "libjemalloc.so.2";

    /**
     * One line of its result.
     *
     * @param malloc whose malloc it ran with: "glibc 2.36" or "jemalloc"
     * @param samples ns a frame, one of each of the program's rounds, in which every contestant has its turn
     */
    public record Result(String benchmark, String malloc, int threads, long frames, int payload, double[] samples) {
        /** "pool.across 2/4096/64 jemalloc": threads, frames, payload. */
        public String key() {
            return "%s %d/%d/%d %s".formatted(benchmark, threads, frames, payload, malloc.split(" ")[0]);
        }

        public Figure figure() {
            return new Figure(DoubleStream.of(samples).boxed().toList(), Double.NaN);
        }

        /** {@return the same in the common form: what is before the point is the contestant, what follows the workload} */
        Measurement measurement() {
            int point = benchmark.indexOf('.');
            return new Measurement("pool", "c-" + benchmark.substring(point + 1),
                    point < 0 ? "transport" : benchmark.substring(0, point), Map.of("frames", Long.toString(frames),
                            "malloc", malloc, "payload", Integer.toString(payload), "threads", Integer.toString(threads)),
                    "ns/frame", figure().turns(), List.of(), Map.of());
        }
    }

    /** What it printed, and its exit code. */
    public record Outcome(String text, int code) {
    }

    private final String path;

    /**
     * @param name as its source is called in bench/native
     * @throws org.frameferry.FerryException if it has not been built
     */
    public NativeProgram(String name) {
        path = Programs.own(name);
    }

    /** {@return what it measured, empty if it was ended by Ctrl-C} */
    public List<Result> run(boolean quick, Optional<Path> jemalloc) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(quick ? List.of(path, "--quick") : List.of(path));
        jemalloc.ifPresent(library -> builder.environment().put("LD_PRELOAD", library.toString()));
        Optional<String> text = output(builder);
        return text.isEmpty() ? List.of() : parse(text.get());
    }

    /** {@return what it printed, empty if it was ended by Ctrl-C} */
    public Optional<String> output(List<String> arguments) throws IOException {
        return output(new ProcessBuilder(Stream.concat(Stream.of(path), arguments.stream()).toList()));
    }

    /** {@return where it is} */
    public String path() {
        return path;
    }

    private static Optional<String> output(ProcessBuilder builder) throws IOException {
        Outcome outcome = outcome(builder);
        if (ENDED.contains(outcome.code)) {
            return Optional.empty();
        }
        if (outcome.code != 0) {
            throw new IOException(String.join(" ", builder.command()) + " ended with exit code " + outcome.code
                    + ": run it by itself to see why");
        }
        return Optional.of(outcome.text);
    }

    /** {@return what it printed and how it ended, whatever that was; what it has to say of errors goes to ours} */
    public Outcome outcome(List<String> arguments) throws IOException {
        return outcome(new ProcessBuilder(Stream.concat(Stream.of(path), arguments.stream()).toList()));
    }

    private static Outcome outcome(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(text, process.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome("", INTERRUPTED);
        } finally {
            process.destroyForcibly();
        }
    }

    /** {@return the results in what a program has printed} */
    public static List<Result> parse(String text) throws IOException {
        JsonNode array = JSON.readTree(text);
        if (!array.isArray()) {
            throw new IOException("a native benchmark printed no list of results: " + text.strip());
        }
        List<Result> results = new ArrayList<>();
        for (JsonNode node : array) {
            double[] samples = StreamSupport.stream(node.path("nsPerFrame").spliterator(), false)
                    .mapToDouble(JsonNode::asDouble).toArray();
            if (!node.path("benchmark").isTextual() || samples.length == 0) {
                throw new IOException("a native benchmark printed " + node + ", without a name or samples");
            }
            results.add(new Result(node.get("benchmark").asText(), node.path("malloc").asText(),
                    node.path("threads").asInt(), node.path("frames").asLong(), node.path("payload").asInt(), samples));
        }
        return results;
    }

    /** {@return jemalloc's library, empty if it is not installed} */
    static Optional<Path> jemalloc() {
        Path usr = Path.of("/usr/lib");
        try (Stream<Path> triplets = Files.list(usr)) {
            return Stream.concat(Stream.of(usr, Path.of("/usr/lib64"), Path.of("/usr/local/lib")), triplets)
                    .map(folder -> folder.resolve(JEMALLOC)).filter(Files::isRegularFile).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
