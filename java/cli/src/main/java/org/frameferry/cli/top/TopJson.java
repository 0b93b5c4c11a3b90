// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.frameferry.BridgeSnapshot;

/**
 * What a script is told of a process: the figures under the names that they have in Java, and beside them, as
 * `perSecond`, how the counters among them grow. Static functions; any thread.
 */
final class TopJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> OF_POOL = List.of("hits", "misses", "overflows", "waits", "leaks", "trimmed");
    private static final List<String> OF_BRIDGE = List.of("rxFrames", "rxBytes", "rxDroppedNoFrame",
            "rxDroppedRingFull", "rxDroppedOversize", "rxDroppedDevice", "rxErrors", "txFrames", "txBytes", "txDropped",
            "receiveCalls", "sendCalls", "rounds", "fullRounds", "emptyRounds", "armed", "slept", "starved", "blocked",
            "interrupts", "armedNanos", "restedNanos", "pollingNanos");

    private TopJson() {}

    static String line(Processes.Found process, double seconds, List<Change<Sample.Pool>> changes) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("pid", process.pid()).put("process", process.name()).put("time", Instant.now().toString())
                .put("seconds", seconds);
        ArrayNode pools = json.putArray("pools");
        for (Change<Sample.Pool> change : changes) {
            Object before = change.before() == null ? null : change.before().statistics();
            ObjectNode pool = with(new Change<>(before, change.now().statistics(), seconds), OF_POOL);
            ArrayNode bridges = pool.put("name", change.now().name()).putArray("bridges");
            for (Change<BridgeSnapshot> bridge : Sample.bridges(change)) {
                bridges.add(with(bridge, OF_BRIDGE));
            }
            pools.add(pool);
        }
        return json.toString();
    }

    private static ObjectNode with(Change<?> change, List<String> counters) {
        ObjectNode now = MAPPER.valueToTree(change.now());
        JsonNode before = MAPPER.valueToTree(change.before());
        ObjectNode rates = now.putObject("perSecond");
        for (String counter : counters) {
            long grown = now.get(counter).asLong() - before.path(counter).asLong();
            rates.put(counter, grown / change.seconds());
        }
        return now;
    }
}
