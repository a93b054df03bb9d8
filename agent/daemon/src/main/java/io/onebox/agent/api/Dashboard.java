package io.onebox.agent.api;

import io.onebox.agent.api.ApiException.Kind;
import io.onebox.shared.config.HostPort;
import io.onebox.shared.web.Pages;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.function.Predicate;

/// What a browser of this machine is shown: pages, and those requests of the local API that only read.
///
/// It asks for no password, so that only who is on this machine may ask: a name of somebody else that leads here
/// (DNS rebinding) is no name of ours, and pages of others are told nothing.
public final class Dashboard {

    private static final Set<String> NAMES = Set.of("127.0.0.1", "::1", "localhost");

    private final Vertx vertx;
    private final LocalApi api;
    private final Pages pages;

    /// @param api whose documents the pages show
    public Dashboard(Vertx vertx, LocalApi api, Pages pages) {
        this.vertx = vertx;
        this.api = api;
        this.pages = pages;
    }

    /// The router to serve.
    ///
    /// @param isOurs whether the host of a request, with its port, is one of this dashboard
    public Router router(Predicate<HostPort> isOurs) {
        Router router = Router.router(vertx);
        router.route().handler(context -> {
            context.response()
                    .putHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
                    .putHeader("cross-origin-resource-policy", "same-origin")
                    .putHeader("x-content-type-options", "nosniff")
                    .putHeader("referrer-policy", "no-referrer")
                    .putHeader("cache-control", "no-store");
            guard(context.request(), isOurs);
            context.next();
        });
        api.addReading(router);
        router.get().handler(this::show);
        api.addFailures(router);
        return router;
    }

    /// The names and the port by which a browser may call this dashboard.
    public static Predicate<HostPort> hosts(HostPort listen, int port) {
        return host -> host.port() == port && (host.host().equals(listen.host()) || NAMES.contains(host.host()));
    }

    private static void guard(HttpServerRequest request, Predicate<HostPort> isOurs) {
        String host = request.getHeader("host");
        if (host == null || HostPort.parse(host).filter(isOurs).isEmpty()) {
            throw refused("this is not an address of the dashboard", "open the address in [api] dashboard");
        }
        String origin = request.getHeader("origin");
        if (origin != null && !origin.equals("http://" + host)) {
            throw refused("the dashboard answers no page of others", "");
        }
        String from = request.getHeader("sec-fetch-site");
        boolean isOther = from != null && !from.equals("same-origin") && !from.equals("none");
        if (isOther && request.path().startsWith("/v1/")) {
            throw refused("the dashboard answers no page of others", "");
        }
    }

    private static ApiException refused(String message, String hint) {
        return new ApiException(Kind.FORBIDDEN, message, hint);
    }

    private void show(RoutingContext context) {
        String path = context.normalizedPath();
        boolean isPage = path.equals("/") && pages.page(context.request());
        if (!isPage && !pages.file(context.request(), path)) {
            context.next();
        }
    }
}
