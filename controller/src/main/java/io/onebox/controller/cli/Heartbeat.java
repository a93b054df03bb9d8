package io.onebox.controller.cli;

import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.config.HostPort;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;

/// Keeps systemd's watchdog quiet as long as our own port answers: its event loop, the workers and the lock of the
/// database are all in that answer. What it says does not matter, as a new start mends no broken disk.
final class Heartbeat {

    /// Of the time systemd gives us.
    private static final int PARTS = 3;

    private final HttpClient client;
    private final RequestOptions question;
    private final SystemdNotify systemd;

    /// @param config where the port is, and how to talk to it
    Heartbeat(Vertx vertx, ControllerConfig config, SystemdNotify systemd) {
        HostPort listen = config.listen();
        boolean isSecure = config.tls() != ControllerConfig.Tls.PROXY;
        // Nothing is said here that others may not know.
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setSsl(isSecure).setTrustAll(true).setVerifyHost(false));
        this.question = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(reachable(listen.host()))
                .setPort(listen.port())
                .setURI("/health/ready");
        this.systemd = systemd;
    }

    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> host;
        };
    }

    /// Asks again and again.
    void start(Vertx vertx, Duration watchdog) {
        long periodMs = Math.max(1, watchdog.toMillis() / PARTS);
        question.setTimeout(periodMs);
        vertx.setPeriodic(0, periodMs, _ -> beat());
    }

    private void beat() {
        client.request(question)
                .compose(request -> request.send().compose(HttpClientResponse::body))
                .onSuccess(_ -> systemd.alive());
    }
}
