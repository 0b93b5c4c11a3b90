// SPDX-License-Identifier: Apache-2.0
package org.frameferry.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.frameferry.Bridge;
import org.frameferry.FramePool;
import org.frameferry.Loop;
import org.frameferry.PoolAudit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every misuse of the two binders, and the last table of MISUSE.md, which the tests of the library leave alone.
class MetricsMisuseTest {
    private static final Path DOCUMENT = Path.of("..", "..", "MISUSE.md");
    private static final String START = "## frameferry-micrometer\n";
    private static final List<Tag> NO_TAGS = List.of();

    /// Makes a binder.
    private interface Binder extends BiFunction<FramePool, Bridge, MeterBinder> {
    }

    private interface Act {
        void run(FramePool pool, Bridge bridge) throws Exception;
    }

    /// A line of the table, and what proves it.
    record Cell(String method, String misuse, String outcome, Act act) {
        @Override
        public String toString() {
            return "| `" + method + "` | " + misuse + " | " + outcome + " |\n";
        }
    }

    static Stream<Cell> cells() {
        return Stream.of(ofPool("FramePoolMetrics(FramePool)", (pool, _) -> new FramePoolMetrics(pool)),
                ofPool("FramePoolMetrics(FramePool, Iterable)", (pool, _) -> new FramePoolMetrics(pool, NO_TAGS)),
                Stream.of(works("FramePoolMetrics(FramePool, Iterable)", "null tags",
                        (pool, _) -> new FramePoolMetrics(pool, null))),
                binder("FramePoolMetrics", (pool, _) -> new FramePoolMetrics(pool)),
                ofPool("BridgeMetrics(Bridge, String)", (_, bridge) -> new BridgeMetrics(bridge, "name")),
                ofPool("BridgeMetrics(Bridge, String, Iterable)",
                        (_, bridge) -> new BridgeMetrics(bridge, "name", NO_TAGS)),
                Stream.of(refusesNull("BridgeMetrics(Bridge, String)", "null name",
                        (_, bridge) -> new BridgeMetrics(bridge, null)),
                        works("BridgeMetrics(Bridge, String, Iterable)", "null tags",
                                (_, bridge) -> new BridgeMetrics(bridge, "name", null))),
                binder("BridgeMetrics", (_, bridge) -> new BridgeMetrics(bridge, "name"))).flatMap(s -> s);
    }

    private static Cell refusesNull(String method, String misuse, Binder binder) {
        return new Cell(method, misuse, "NullPointerException",
                (pool, bridge) -> assertThrowsExactly(NullPointerException.class, () -> binder.apply(pool, bridge)));
    }

    private static Cell works(String method, String misuse, Binder binder) {
        return new Cell(method, misuse, "works", (pool, bridge) -> bind(binder.apply(pool, bridge)));
    }

    private static Stream<Cell> ofPool(String constructor, Binder binder) {
        return Stream.of(refusesNull(constructor, "null", (_, _) -> binder.apply(null, null)),
                new Cell(constructor, "closed", "works", (pool, bridge) -> {
                    pool.close();
                    bind(binder.apply(pool, bridge));
                }));
    }

    private static Stream<Cell> binder(String type, Binder binder) {
        String method = type + ".bindTo(MeterRegistry)";
        return Stream.of(
                new Cell(method, "closed", "the last figures", (pool, bridge) -> {
                    MeterBinder metrics = binder.apply(pool, bridge);
                    pool.close();
                    bind(metrics);
                }),
                new Cell(method, "null", "NullPointerException", (pool, bridge) ->
                        assertThrowsExactly(NullPointerException.class, () -> binder.apply(pool, bridge).bindTo(null))),
                new Cell(method, "twice", "works", (pool, bridge) -> {
                    MeterBinder metrics = binder.apply(pool, bridge);
                    bind(metrics);
                    bind(metrics);
                }),
                new Cell(method, "concurrent", "works", (pool, bridge) -> bindWhileClosed(binder, pool, bridge)));
    }

    /// Every meter has a figure.
    private static void bind(MeterBinder metrics) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        metrics.bindTo(registry);
        List<Gauge> gauges =
                registry.getMeters().stream().filter(Gauge.class::isInstance).map(Gauge.class::cast).toList();
        assertFalse(gauges.isEmpty());
        gauges.forEach(gauge -> assertTrue(gauge.value() >= 0, () -> gauge.getId().toString()));
    }

    private static void bindWhileClosed(Binder binder, FramePool pool, Bridge bridge) {
        MeterBinder metrics = binder.apply(pool, bridge);
        List<CompletableFuture<Void>> binding = Stream.generate(() -> CompletableFuture.runAsync(() -> {
            do {
                bind(metrics);
            } while (!pool.isClosed());
            bind(metrics);
        })).limit(2).toList();
        bind(metrics);
        pool.close();
        binding.forEach(CompletableFuture::join);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void endsAsDocumented(Cell cell) throws Exception {
        FramePool pool = FramePool.builder().frames(8).build();
        cell.act().run(pool, Bridge.open(pool, Loop.device()));
        if (!pool.isClosed()) {
            pool.lease().release();
            pool.close();
        }
        PoolAudit audit = pool.statistics().audit();
        assertTrue(audit.sound() && audit.leased() == 0, audit::toString);
    }

    /// With `-Dmisuse.write` the table is written instead.
    @Test
    void theDocumentSaysTheSame() throws IOException {
        String document = Files.readString(DOCUMENT);
        String library = document.substring(0, document.indexOf(START));
        String table = START + "\n| | Misuse | |\n|---|---|---|\n"
                + cells().map(Cell::toString).collect(Collectors.joining());
        if (System.getProperty("misuse.write") != null) {
            Files.writeString(DOCUMENT, library + table);
        } else {
            assertEquals(library + table, document, "MISUSE.md is not what the tests do: see CONTRIBUTING.md");
        }
    }
}
