package io.onebox.controller;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onebox.controller.auth.Role;
import io.onebox.controller.store.Actor;
import io.onebox.controller.trust.StateFiles;
import io.onebox.controller.verticle.Patience;
import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.config.DatabaseConfig.PostgresqlServer;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.TomlDocument;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.testing.FreePort;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// A real controller on loopback, and a client that trusts its root and nothing else.
final class RunningController implements AutoCloseable {

    static final String PASSWORD = "correct horse battery";

    private final Controller controller;
    private final Vertx vertx;
    private final ControllerConfig config;
    private final HttpClient client;

    /// Held, because Vert.x closes the sockets of a client that nothing refers to.
    private final WebSocketClient sockets;

    RunningController(Path directory) {
        this(directory, "");
    }

    /// @param http more lines of the table `http`
    RunningController(Path directory, String http) {
        this(directory, http, Role.values());
    }

    /// One that nobody has set up yet.
    static RunningController withoutUsers(Path directory) {
        return new RunningController(directory, "", new Role[0]);
    }

    /// One whose database and keys are there already, with the users it has.
    static RunningController on(ControllerConfig config) {
        return new RunningController(config, new Role[0], Patience.USUAL);
    }

    private RunningController(Path directory, String http, Role[] users) {
        this(initialised(config(directory, http)), users, Patience.USUAL);
    }

    /// One that waits so long for those who are slow.
    static RunningController patient(Path directory, Patience patience) {
        return new RunningController(initialised(config(directory)), Role.values(), patience);
    }

    /// One of several nodes, the first.
    ///
    /// @param database of all of them
    static RunningController firstNode(Path directory, PostgresqlServer database) {
        return new RunningController(initialised(node(directory, database)), Role.values(), Patience.USUAL);
    }

    /// Another node. No bus joins the two: each learns from the database what the other does.
    RunningController joinedBy(Path directory, PostgresqlServer database) {
        ControllerConfig joining = node(directory, database);
        var mine = new StateFiles(config.stateDirectory());
        var others = new StateFiles(joining.stateDirectory());
        others.create();
        try {
            Files.copy(mine.rootKey(), others.rootKey());
            Files.copy(mine.masterKey(), others.masterKey());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RunningController(joining, new Role[0], Patience.USUAL);
    }

    private static ControllerConfig initialised(ControllerConfig config) {
        Controller.init(config);
        return config;
    }

    private RunningController(ControllerConfig config, Role[] users, Patience patience) {
        this.config = config;
        controller = Controller.open(config);
        vertx = Vertx.builder().withTransport(controller.door()).build();
        sockets = vertx.createWebSocketClient(patient());
        for (Role role : users) {
            controller.accounts().add(Actor.LOCAL, role.spelling(), PASSWORD, role);
        }
        controller
                .serve(vertx, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), patience)
                .await();
        client = HttpClient.newBuilder().sslContext(trusting()).build();
    }

    static ControllerConfig config(Path directory) {
        return config(directory, "");
    }

    private static ControllerConfig config(Path directory, String http) {
        return config(directory, http, TestDatabase.toml(TestDatabase.create(directory)));
    }

    private static ControllerConfig node(Path directory, PostgresqlServer database) {
        String address = "127.0.0.1:" + FreePort.next();
        String cluster = "[cluster]\nenabled = true\nlisten = \"%s\"\nmembers = [\"%s\"]\n".formatted(address, address);
        return config(directory, "", TestDatabase.toml(database) + cluster);
    }

    private static ControllerConfig config(Path directory, String http, String more) {
        String toml = """
                [http]
                listen = "127.0.0.1:%d"
                %s
                [tunnel]
                network = ["10.77.0.0/16", "fd77::/48"]
                [state]
                directory = "%s"
                [metrics]
                listen = "127.0.0.1:%d"
                """.formatted(FreePort.next(), http, directory.resolve("state"), FreePort.next()) + more;
        Loaded<TomlDocument> document = TomlDocument.parse(directory.resolve("controller.toml"), toml);
        Loaded<ControllerConfig> config = ControllerConfig.read(((Loaded.Valid<TomlDocument>) document).config());
        return ((Loaded.Valid<ControllerConfig>) config).config();
    }

    private SSLContext trusting() {
        try {
            byte[] root = controller.keys().chain().getLast().getEncoded();
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "root",
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(root)));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Controller controller() {
        return controller;
    }

    /// Where it listens.
    URI url() {
        return URI.create((config.tls() == ControllerConfig.Tls.PROXY ? "http://" : "https://") + config.listen());
    }

    /// What was answered.
    record Answer(int status, JsonObject json, HttpResponse<String> response) {}

    /// Asks, with headers in pairs.
    Answer ask(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url().resolve(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("content-type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    new JsonObject(Json.object(response.body()).orElse(Map.of())),
                    response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Opens a WebSocket, with headers in pairs.
    SocketClient connect(String path, String subprotocol, String... headers) {
        return new SocketClient(client, url().resolve(path), subprotocol, headers);
    }

    /// A WebSocket that can be paused.
    WebSocket connectSlowly(String path, String subprotocol, String cookie) {
        return sockets.connect(new WebSocketConnectOptions()
                        .setHost(url().getHost())
                        .setPort(url().getPort())
                        .setURI(path)
                        .addSubProtocol(subprotocol)
                        .putHeader("cookie", cookie))
                .await();
    }

    private static WebSocketClientOptions patient() {
        return new WebSocketClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setMaxFrameSize(1024 * 1024)
                .setClosingTimeout(1);
    }

    /// What Prometheus reads.
    String metrics() {
        URI metrics = URI.create("http://" + config.metrics().orElseThrow() + "/metrics");
        try {
            return client.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// A connection that speaks one version of TLS.
    SSLSocket tls(String version) {
        try {
            var socket = (SSLSocket) trusting().getSocketFactory().createSocket(url().getHost(), url().getPort());
            socket.setEnabledProtocols(new String[] {version});
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The event bus it publishes on.
    EventBus eventBus() {
        return vertx.eventBus();
    }

    /// The cookie of a new session.
    String login(Role role) {
        return login(role.spelling());
    }

    /// The cookie of a new session of somebody who has the password of all.
    String login(String login) {
        String body = "{\"login\":\"%s\",\"password\":\"%s\"}".formatted(login, PASSWORD);
        Answer answer = ask("POST", "/api/v1/session", body);
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.response().body());
        }
        return answer.response()
                .headers()
                .firstValue("set-cookie")
                .orElseThrow()
                .replaceFirst(";.*", "");
    }

    @Override
    public void close() {
        vertx.close().await();
        controller.close();
        client.close();
    }
}
