package io.onebox.agent.verticle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onebox.shared.config.HostPort;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class MetricsVerticleTest {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void servesThePageAndNothingElse(Vertx vertx) {
        registry.counter("onebox.test").increment();
        var verticle = new MetricsVerticle(new HostPort("127.0.0.1", 0), registry);
        vertx.deployVerticle(verticle).await();

        assertThat(get(vertx, verticle.port(), "/metrics")).contains("onebox_test_total 1.0");
        assertThat(get(vertx, verticle.port(), "/")).isEmpty();
    }

    @Test
    void saysWhichKeyToChangeWhenThePortIsBusy(Vertx vertx) {
        var first = new MetricsVerticle(new HostPort("127.0.0.1", 0), registry);
        vertx.deployVerticle(first).await();
        var busy = new HostPort("127.0.0.1", first.port());

        Vertx other = Vertx.vertx(); // Servers of one Vert.x share a port.
        assertThatThrownBy(() -> other.deployVerticle(new MetricsVerticle(busy, registry))
                        .await())
                .hasMessageContaining("cannot listen on " + busy)
                .hasMessageContaining("[metrics] listen");
        other.close().await();
    }

    private static String get(Vertx vertx, int port, String path) {
        return vertx.createHttpClient()
                .request(HttpMethod.GET, port, "127.0.0.1", path)
                .compose(request -> request.send())
                .compose(response -> response.body())
                .await()
                .toString();
    }
}
