package io.onebox.controller.verticle;

import io.onebox.controller.api.ApiProblem;
import io.onebox.controller.api.ApiRouter;
import io.onebox.controller.api.Credentials;
import io.onebox.controller.api.Proxies;
import io.onebox.controller.enrol.Enrolment;
import io.onebox.controller.registry.Node;
import io.onebox.controller.registry.NodeState;
import io.onebox.controller.store.Database;
import io.onebox.controller.trust.ControllerKeys;
import io.onebox.controller.verticle.AgentSocket.Shared;
import io.onebox.shared.config.HostPort;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.EnrolRequest;
import io.onebox.shared.message.Protocol;
import io.onebox.shared.web.Pages;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one TLS port: REST under `/api/v1`, agents under `/agent/v1`, the console everywhere else.
public final class PortVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(PortVerticle.class);

    /// How long a stop waits for the other ends to say goodbye: many do it at once. A guess.
    private static final int CLOSING_SECONDS = 2;

    /// How often it is asked whether there is another certificate. A guess: who renews one does so days before.
    private static final Duration RENEWAL = Duration.ofHours(1);

    private static final String STREAM_PATH = "/api/v1/stream";
    private static final String STREAM_SUBPROTOCOL = "onebox.stream.v1";
    private static final long MAX_ENROL_BYTES = 8 * 1024;

    private static final String RETRY_AFTER = Long.toString(Enrolment.ATTEMPT_WINDOW.toSeconds());

    private final HostPort listen;
    private final Optional<FreshCertificate> certificate;
    private final Proxies proxies;
    private final Parts parts;
    private final Patience patience;

    /// What it is made of.
    public record Parts(
            ControllerKeys keys,
            Enrolment enrolment,
            ApiRouter api,
            Shared sockets,
            StreamSocket.Shared streams,
            SecureRandom random,
            InstantSource clock,
            Door door) {}

    /// @param certificate of the port; without, it is for proxies alone, which talk to it in the clear
    public PortVerticle(HostPort listen, Optional<FreshCertificate> certificate, Proxies proxies, Parts parts) {
        this.listen = listen;
        this.certificate = certificate;
        this.proxies = proxies;
        this.parts = parts;
        this.patience = parts.sockets().patience();
    }

    @Override
    public Future<?> start() {
        var options = new HttpServerOptions()
                .setHost(listen.host())
                .setPort(listen.port())
                .setReadIdleTimeout((int) patience.silence().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxWebSocketFrameSize(Protocol.MAX_AGENT_MESSAGE)
                .setMaxWebSocketMessageSize(Protocol.MAX_AGENT_MESSAGE)
                .setWebSocketClosingTimeout(CLOSING_SECONDS)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setWebSocketSubProtocols(List.of(Protocol.AGENT_SUBPROTOCOL, STREAM_SUBPROTOCOL));
        certificate.ifPresent(shown -> options.setSsl(true)
                .setKeyCertOptions(shown.source().get())
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setSslHandshakeTimeout(patience.beginning().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setUseAlpn(false));
        var slow = new SlowRequests(vertx, patience);
        vertx.setPeriodic(StreamFeed.EVENTS_MS, _ -> parts.sockets().feed().writeEvents());
        return Future.all(parts.api().router(), vertx.executeBlocking(() -> Pages.read("console")))
                .compose(made -> vertx.createHttpServer(options)
                        .connectionHandler(connection -> count(connection, slow))
                        .webSocketHandshakeHandler(handshake -> shakeHands(handshake, slow))
                        .requestHandler(answering(router(made.resultAt(0), made.resultAt(1)), slow))
                        .listen())
                .onSuccess(server ->
                        certificate.ifPresent(shown -> shown.keep(vertx, server, options.getSslOptions(), RENEWAL)))
                .onSuccess(_ -> log.atInfo().addKeyValue("listen", listen).log("ready"));
    }

    /// Nobody alone uses up the port, or keeps a part of it for saying nothing.
    private void count(HttpConnection connection, SlowRequests slow) {
        SocketAddress remote = connection.remoteAddress();
        parts.door().onShaken(remote);
        if (!proxies.isTrusted(remote) && !parts.sockets().connections().enter(remote)) {
            parts.sockets().meters().refused("too_many_connections");
            connection.close();
            return;
        }
        slow.onOpened(connection);
        connection.closeHandler(_ -> {
            slow.forget(remote);
            parts.sockets().connections().release(remote);
        });
    }

    private static Handler<HttpServerRequest> answering(Router router, SlowRequests slow) {
        return request -> {
            if (slow.onRequest(request)) {
                router.handle(request);
            }
        };
    }

    private Router router(Router api, Pages console) {
        Router router = Router.router(vertx);
        router.route().handler(context -> {
            context.response()
                    .putHeader("strict-transport-security", "max-age=31536000")
                    .putHeader("x-content-type-options", "nosniff")
                    .putHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
                    .putHeader("referrer-policy", "no-referrer");
            context.next();
        });
        router.get("/health/live").handler(context -> context.response().end("live\n"));
        router.get("/health/ready").handler(this::ready);
        router.route().handler(context -> {
            if (isServed(context.request().remoteAddress())) {
                context.next();
            } else {
                ApiRouter.fail(context, new ApiProblem(403, "forbidden", "this port is for trusted-proxies alone"));
            }
        });
        router.get(Protocol.HELLO_PATH).handler(this::hello);
        router.post(Protocol.ENROL_PATH)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_ENROL_BYTES))
                .handler(this::enrol);
        router.route("/api/v1/*").subRouter(api);
        router.get().handler(context -> show(console, context));
        router.route().failureHandler(context -> ApiRouter.fail(context, context.failure()));
        router.errorHandler(404, context -> ApiRouter.fail(context, null));
        router.errorHandler(405, context -> ApiRouter.fail(context, null));
        return router;
    }

    /// Whether a connection from there is served. What is not encrypted is for proxies.
    private boolean isServed(SocketAddress remote) {
        return certificate.isPresent() || proxies.isTrusted(remote);
    }

    /// A file of the console, or its document if a browser asks for a page; all else is for others.
    private static void show(Pages console, RoutingContext context) {
        String path = context.normalizedPath();
        boolean isForPrograms = path.startsWith("/api/") || path.startsWith("/agent/");
        if (isForPrograms || !(console.file(context.request(), path) || console.page(context.request()))) {
            context.next();
        }
    }

    /// Ready is a controller whose database answers.
    private void ready(RoutingContext context) {
        vertx.executeBlocking(() -> parts.sockets().database().isAnswering(), false)
                .onComplete(answer -> {
                    boolean isReady = Boolean.TRUE.equals(answer.result());
                    String why = answer.cause() instanceof Database.FullException ? ": the disk is full" : "";
                    context.response()
                            .setStatusCode(isReady ? 200 : 503)
                            .end(isReady ? "ready\n" : "not ready" + why + "\n");
                });
    }

    private void hello(RoutingContext context) {
        Bytes nonce = Optional.ofNullable(context.request().getParam("n"))
                .flatMap(text -> Bytes.parse(text, Protocol.NONCE_LENGTH))
                .orElseThrow(() -> new ApiProblem(400, "bad_request", "n must be 32 bytes in base64"));
        answer(
                context,
                200,
                parts.keys().greet(nonce, parts.random(), parts.clock()).json());
    }

    private void enrol(RoutingContext context) {
        EnrolRequest request = Optional.ofNullable(context.body().asString())
                .flatMap(Json::object)
                .map(JsonObject::new)
                .flatMap(EnrolRequest::parse)
                .orElseThrow(() -> new ApiProblem(400, "bad_request", "not an enrolment request"));
        String address = proxies.address(
                context.request().remoteAddress(), context.request().headers());
        vertx.executeBlocking(() -> parts.enrolment().enrol(request, address), false)
                .onFailure(failure -> ApiRouter.fail(context, failure))
                .onSuccess(outcome -> {
                    parts.sockets().meters().enrolment(outcome.code());
                    switch (outcome) {
                        case Enrolment.Outcome.Known(Node node, boolean isNew) ->
                            answer(context, isNew ? 201 : 200, known(node));
                        case Enrolment.Outcome.Claims(Node node) -> {
                            Map<String, @Nullable Object> json = known(node);
                            json.put("state", NodeState.PENDING.spelling());
                            json.put("reason", outcome.code());
                            answer(context, 202, json);
                        }
                        case Enrolment.Outcome.Refused(Enrolment.Reason reason, String detail) -> {
                            if (reason == Enrolment.Reason.RATE_LIMITED) {
                                context.response().putHeader("retry-after", RETRY_AFTER);
                            }
                            ApiRouter.fail(context, new ApiProblem(reason.status(), reason.code(), detail));
                        }
                    }
                });
    }

    private static Map<String, @Nullable Object> known(Node node) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("agentId", node.id());
        json.put("name", node.name());
        json.put("role", node.role().spelling());
        json.put("state", node.state().spelling());
        return json;
    }

    private static void answer(RoutingContext context, int status, Map<String, @Nullable Object> json) {
        context.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store")
                .end(Json.write(json));
    }

    /// Everything that can be refused is refused before the connection is accepted.
    private void shakeHands(ServerWebSocketHandshake handshake, SlowRequests slow) {
        SocketAddress remote = handshake.remoteAddress();
        String address = proxies.address(remote, handshake.headers());
        if (!isServed(remote)) {
            handshake.reject(403);
        } else if (proxies.isTrusted(remote) && !parts.sockets().connections().enter(remote, address)) {
            parts.sockets().meters().refused("too_many_connections");
            handshake.reject(429);
        } else if (handshake.path().equals(STREAM_PATH)) {
            stream(handshake, slow);
        } else {
            agent(handshake, address, slow);
        }
    }

    private void stream(ServerWebSocketHandshake handshake, SlowRequests slow) {
        boolean isOurs = STREAM_SUBPROTOCOL.equals(handshake.headers().get("sec-websocket-protocol"));
        if (!isOurs || Credentials.isOfAnotherSite(handshake.headers())) {
            refuse(handshake, isOurs ? 403 : 400, isOurs ? "forbidden_origin" : "bad_request");
            return;
        }
        Credentials credentials = Credentials.of(handshake.headers());
        vertx.executeBlocking(() -> credentials.subjectStill(parts.streams().accounts()), false)
                .onFailure(failure -> {
                    log.atError().setCause(failure).log("a stream could not be opened");
                    handshake.reject(500);
                })
                .onSuccess(subject -> {
                    if (subject.isEmpty()) {
                        credentials.kind().ifPresent(parts.streams().meters()::unauthenticated);
                        refuse(handshake, 401, "unauthenticated");
                        return;
                    }
                    handshake.accept().onSuccess(socket -> {
                        slow.forget(socket.remoteAddress());
                        new StreamSocket(vertx, parts.streams(), socket, credentials, subject.get()).start();
                    });
                });
    }

    private void refuse(ServerWebSocketHandshake handshake, int status, String code) {
        parts.streams().meters().streamRefused(code);
        handshake.reject(status);
    }

    private void agent(ServerWebSocketHandshake handshake, String address, SlowRequests slow) {
        Optional<Bytes> nonce = nonce(handshake.query());
        boolean isOurs = handshake.path().equals(Protocol.SOCKET_PATH)
                && Protocol.AGENT_SUBPROTOCOL.equals(handshake.headers().get("sec-websocket-protocol"))
                && handshake.headers().get("origin") == null;
        if (!isOurs || nonce.isEmpty()) {
            handshake.reject(isOurs ? 400 : 404);
            return;
        }
        var greeting = parts.keys().greet(nonce.get(), parts.random(), parts.clock());
        handshake.accept().onSuccess(socket -> {
            slow.forget(socket.remoteAddress());
            new AgentSocket(vertx, parts.sockets(), socket, address, nonce.get(), greeting).start();
        });
    }

    private static Optional<Bytes> nonce(@Nullable String query) {
        if (query == null || !query.startsWith("n=")) {
            return Optional.empty();
        }
        try {
            return Bytes.parse(URLDecoder.decode(query.substring(2), StandardCharsets.UTF_8), Protocol.NONCE_LENGTH);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
