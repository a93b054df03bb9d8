package io.onebox.agent.verticle;

import io.onebox.agent.api.Dashboard;
import io.onebox.agent.api.LocalApi;
import io.onebox.agent.api.RunningAgent;
import io.onebox.shared.config.HostPort;
import io.onebox.shared.web.Pages;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the dashboard to browsers of this machine.
public final class DashboardVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(DashboardVerticle.class);

    /// A browser that asks for nothing for so long has closed the page. A guess.
    private static final int IDLE_SECONDS = 60;

    private final HostPort listen;
    private final RunningAgent agent;
    private int port;

    public DashboardVerticle(HostPort listen, RunningAgent agent) {
        this.listen = listen;
        this.agent = agent;
    }

    @Override
    public Future<?> start() {
        return vertx.executeBlocking(() -> Pages.read("dashboard"))
                .compose(this::listen)
                .onSuccess(server -> {
                    port = server.actualPort();
                    log.atInfo().addKeyValue("listen", listen).log("dashboard ready");
                })
                .recover(failure -> Future.failedFuture(new IllegalStateException(
                        "cannot listen on %s for the dashboard: %s; set another [api] dashboard, or \"\" for none"
                                .formatted(listen, failure.getMessage()),
                        failure)));
    }

    private Future<HttpServer> listen(Pages pages) {
        var dashboard = new Dashboard(vertx, new LocalApi(vertx, agent), pages);
        return vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_SECONDS))
                .requestHandler(
                        dashboard.router(host -> Dashboard.hosts(listen, port).test(host)))
                .listen(listen.port(), listen.host());
    }

    /// The port that is listened on, once started.
    public int port() {
        return port;
    }
}
