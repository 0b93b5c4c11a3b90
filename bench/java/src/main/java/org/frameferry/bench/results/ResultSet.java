// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one or more commands have measured on one machine: what the report shows and what is compared with another. As a
 * file: JSON. Immutable; any thread.
 *
 * @param commands that made it, with the day, "ferry bench stream --quick, 2026-11-21"
 * @param measurements in common form
 * @param notes who could not take part, and why
 * @param tools what the tools themselves wrote, for whatever reads their formats: "jmh" an array, "googleBenchmark" the
 *         contents of several files
 */
public record ResultSet(Environment environment, List<String> commands, List<Measurement> measurements,
        List<String> notes, Map<String, List<JsonNode>> tools) {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

    /** {@return where a command leaves its result set, if nothing else is asked for} */
    public static Path file(String command) {
        return folder().resolve(command + ".json");
    }

    /** {@return the folder of all those files} */
    public static Path folder() {
        return Path.of(System.getProperty("frameferry.home", ""), "target", "bench");
    }

    /**
     * {@return measurements of now}
     *
     * @param command that made them
     */
    public static ResultSet of(Environment environment, String command, List<Measurement> measurements,
            List<String> notes, Map<String, List<JsonNode>> tools) {
        return new ResultSet(environment, List.of(command.strip() + ", " + LocalDate.now()), measurements, notes, tools);
    }

    /**
     * {@return what a file holds}
     *
     * @throws IOException if it cannot be read or holds something else
     */
    public static ResultSet read(Path file) throws IOException {
        try {
            return JSON.readValue(Files.readString(file), ResultSet.class);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no result set of ferry bench: " + e.getOriginalMessage(), e);
        }
    }

    /** Writes it where its folder exists or can be made. */
    public void write(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this)
                + System.lineSeparator());
    }

    /**
     * {@return all of them as one; what two of them have measured is taken from the later}
     *
     * @param sets at least one
     * @throws IOException if they are of different machines
     */
    public static ResultSet join(List<ResultSet> sets) throws IOException {
        Map<String, Measurement> measurements = new LinkedHashMap<>();
        Map<String, List<JsonNode>> tools = new LinkedHashMap<>();
        List<String> commands = new ArrayList<>();
        Set<String> notes = new LinkedHashSet<>();
        for (ResultSet set : sets) {
            if (!set.environment.machine().cpu().equals(sets.getFirst().environment.machine().cpu())) {
                throw new IOException("results of different machines cannot be joined: "
                        + sets.getFirst().environment.machine().cpu() + " and " + set.environment.machine().cpu());
            }
            set.measurements.forEach(m -> measurements.put(m.key(), m));
            set.tools.forEach((tool, nodes) -> tools.computeIfAbsent(tool, t -> new ArrayList<>()).addAll(nodes));
            commands.addAll(set.commands);
            notes.addAll(set.notes);
        }
        return new ResultSet(sets.getLast().environment, commands, List.copyOf(measurements.values()),
                List.copyOf(notes), tools);
    }
}
