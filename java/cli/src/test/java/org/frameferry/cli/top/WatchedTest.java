// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.top;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.frameferry.BridgeSnapshot;
import org.frameferry.PollerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Another process, before and after it has carried frames: the figures are those of the frames, to the last one. */
@Timeout(60)
class WatchedTest {
    private static final Processes.Found SOMEBODY = new Processes.Found(4711, "Somebody");

    @Test
    void whatHasChanged() throws IOException {
        try (Carrier carrier = Carrier.start(); Watched watched = new Watched(carrier.pid())) {
            carrier.carry(3);
            Sample before = watched.sample();
            carrier.carry(40);
            Change<Sample.Pool> pool = watched.sample().since(before).getFirst();
            assertEquals(40, pool.of(p -> p.statistics().hits()));
            assertEquals("carrier", pool.now().name());
            assertEquals(64, pool.now().statistics().available());
            Change<BridgeSnapshot> loop = Sample.bridges(pool).getFirst();
            assertAll(() -> assertEquals(43, loop.now().rxFrames()),
                    () -> assertEquals(40, loop.of(BridgeSnapshot::txFrames)),
                    () -> assertEquals(40 / pool.seconds(), loop.rate(BridgeSnapshot::sendCalls)),
                    () -> assertEquals(PollerState.NONE, loop.now().poller()));
            shows(pool);
            tells(pool);
        }
    }

    private static void shows(Change<Sample.Pool> pool) {
        List<String> lines = Screen.lines(SOMEBODY, List.of(pool));
        assertEquals("process 4711 Somebody", lines.getFirst());
        assertTrue(lines.contains("pool carrier: 64 frames of 128 bytes"), lines.toString());
        assertTrue(lines.contains("  bridge 0 over a loop, THREADED, BATCHED"), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.matches(" +received +[\\d,]+ +0\\.0 +1\\.0 +0")),
                lines.toString());
    }

    private static void tells(Change<Sample.Pool> change) throws IOException {
        JsonNode json = new ObjectMapper().readTree(TopJson.line(SOMEBODY, change.seconds(), List.of(change)));
        JsonNode pool = json.get("pools").get(0);
        JsonNode bridge = pool.get("bridges").get(0);
        assertAll(() -> assertEquals(4711, json.get("pid").asLong()),
                () -> assertEquals(64, pool.get("frames").asLong()),
                () -> assertEquals(0, pool.get("audit").get("leased").asLong()),
                () -> assertEquals(43, bridge.get("rxFrames").asLong()),
                () -> assertEquals(40 / change.seconds(), bridge.get("perSecond").get("rxFrames").asDouble(), 1e-6),
                () -> assertEquals(40 / change.seconds(), pool.get("perSecond").get("hits").asDouble(), 1e-6));
    }

    /** Opened, and carried over, between two looks. */
    @Test
    void whatWasNotThereBeganWithZeros() throws IOException {
        try (Carrier carrier = Carrier.start(); Watched watched = new Watched(carrier.pid())) {
            carrier.carry(5);
            Change<Sample.Pool> pool = watched.sample().since(new Sample(0, List.of())).getFirst();
            assertEquals(5, pool.of(p -> p.statistics().hits()));
            assertEquals(5, Sample.bridges(pool).getFirst().of(BridgeSnapshot::rxFrames));
            BridgeSnapshot newer = pool.now().bridges().getFirst();
            carrier.carry(1);
            Sample.Pool older = watched.sample().pools().getFirst(); // as if the counters had begun again
            Change<Sample.Pool> again = new Change<>(older, pool.now(), 1);
            assertEquals(newer.rxFrames(), Sample.bridges(again).getFirst().of(BridgeSnapshot::rxFrames));
            assertEquals(List.of("process 4711 Somebody",
                    "no pool with a name is open: FramePool.builder().name(...) makes one visible"),
                    Screen.lines(SOMEBODY, List.of()));
        }
    }

    @Test
    void itEndsMeanwhile() throws IOException {
        Carrier carrier = Carrier.start();
        try (Watched watched = new Watched(carrier.pid())) {
            watched.sample();
            carrier.close();
            assertEquals("process " + carrier.pid() + " has ended",
                    assertThrows(IOException.class, watched::sample).getMessage());
        }
    }

    @Test
    void itIsFound() throws IOException {
        try (Carrier carrier = Carrier.start()) {
            Processes.Found found = new Processes.Found(carrier.pid(), Carrier.class.getName());
            assertTrue(Processes.withFrameferry().contains(found), found::toString);
        }
    }
}
