package io.onebox.agent.verticle;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onebox.shared.config.HostPort;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves `/metrics` for Prometheus.
public final class MetricsVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(MetricsVerticle.class);

    private static final int NOT_FOUND = 404;

    private final HostPort listen;
    private final PrometheusMeterRegistry registry;
    private int port;

    public MetricsVerticle(HostPort listen, PrometheusMeterRegistry registry) {
        this.listen = listen;
        this.registry = registry;
    }

    @Override
    public Future<?> start() {
        return vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(listen.port(), listen.host())
                .onSuccess(server -> {
                    port = server.actualPort();
                    log.atInfo().addKeyValue("listen", listen).log("metrics ready");
                })
                .recover(failure -> Future.failedFuture(new IllegalStateException(
                        "cannot listen on %s for metrics: %s; set another [metrics] listen, or \"\" for none"
                                .formatted(listen, failure.getMessage()),
                        failure)));
    }

    /// The port that is listened on, once started.
    public int port() {
        return port;
    }

    private void handle(HttpServerRequest request) {
        if (!request.path().equals("/metrics") || !request.method().equals(HttpMethod.GET)) {
            request.response().setStatusCode(NOT_FOUND).end();
            return;
        }
        request.response()
                .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                .end(registry.scrape());
    }
}
