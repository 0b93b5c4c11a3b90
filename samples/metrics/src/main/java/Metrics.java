// SPDX-License-Identifier: Apache-2.0
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.frameferry.*;
import org.frameferry.micrometer.*;

private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

/// Receives datagrams, and shows Prometheus the figures. Arguments: the port for datagrams and the one for HTTP, 0 for
/// any; how many datagrams to wait for.
void main(String[] arguments) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1])), 0);
    server.createContext("/metrics", this::answer);
    server.start();
    IO.println("metrics at http:/" + server.getAddress() + "/metrics");
    try (FramePool pool = FramePool.builder().name("datagrams").build()) {
        new FramePoolMetrics(pool).bindTo(registry);
        receive(pool, Integer.parseInt(arguments[0]), Integer.parseInt(arguments[2]));
        IO.println(pool.audit());
    } finally {
        server.stop(0);
    }
}

void receive(FramePool pool, int port, int frames) {
    try (Bridge bridge = Bridge.open(pool, Udp.bind("127.0.0.1", port)); FrameBatch batch = bridge.newBatch(64)) {
        new BridgeMetrics(bridge, "udp").bindTo(registry);
        IO.println("receiving at " + bridge.localAddress());
        for (int left = frames; left > 0; left -= batch.size()) {
            IO.println(bridge.receive(batch, Duration.ofDays(1)) + " frames in a call");
        }
    }
}

void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
        byte[] figures = registry.scrape().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(200, figures.length);
        exchange.getResponseBody().write(figures);
    }
}
