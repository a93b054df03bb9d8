package io.onebox.controller.verticle;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onebox.shared.config.HostPort;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;

/// Serves `/metrics` for Prometheus, on a port of its own.
public final class MetricsVerticle extends VerticleBase {

    private final HostPort listen;
    private final PrometheusMeterRegistry registry;

    public MetricsVerticle(HostPort listen, PrometheusMeterRegistry registry) {
        this.listen = listen;
        this.registry = registry;
    }

    @Override
    public Future<?> start() {
        Router router = Router.router(vertx);
        router.get("/metrics")
                .handler(context -> context.response()
                        .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(registry.scrape()));
        return vertx.createHttpServer().requestHandler(router).listen(listen.port(), listen.host());
    }
}
