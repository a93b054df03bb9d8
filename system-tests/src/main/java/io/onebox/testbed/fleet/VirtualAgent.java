package io.onebox.testbed.fleet;

import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ConfigState;
import io.onebox.shared.message.ControllerMessage;
import io.onebox.shared.message.Decoded;
import io.onebox.shared.message.EnrolRequest;
import io.onebox.shared.message.Greeting;
import io.onebox.shared.message.MessageCodec;
import io.onebox.shared.message.Protocol;
import io.onebox.shared.message.SignedConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An agent without a tunnel: it enrols, proves itself, applies what it is told at once, and comes back when it is
/// cut off, as a real one does. Runs on an event loop; its state may be read from any thread.
final class VirtualAgent {

    private static final SecureRandom RANDOM = new SecureRandom();
    /// A summary of three links, as an agent on the road sends it.
    private static final String SUMMARY = stats(10, 12_345_678);

    /// Bits per second that a message may tell of, and some to spare.
    private static final long MILLISECONDS = 1_000_000_000;

    /// One in so many checks the signature of a configuration: real agents have processors of their own for that.
    private static final int THOROUGH = 10;

    private static final long FIRST_RETRY_MS = 1_000;
    private static final long LONGEST_RETRY_MS = 60_000;

    private final Way way;
    private final String name;
    private final boolean isThorough;
    private final SigningKey key = SigningKey.generate(RANDOM);
    private final String bootId = Bytes.random(RANDOM, Long.BYTES).hex();
    private String id = "";
    private @Nullable WebSocket socket;
    private long retryMs = FIRST_RETRY_MS;
    private long watchedUntilNs = System.nanoTime();
    private volatile boolean isWelcome;
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile long welcomeNs;
    private volatile @Nullable Applied applied;

    /// How an agent reaches its controller.
    ///
    /// @param isOver whether nobody is to come back any more
    record Way(
            Vertx vertx,
            HttpClient http,
            WebSocketClient sockets,
            URI url,
            EnrolmentToken token,
            BooleanSupplier isOver) {}

    /// The configuration an agent has.
    record Applied(long revision, String hash, long atNs) {}

    VirtualAgent(Way way, String name) {
        this.way = way;
        this.name = name;
        this.isThorough = Math.floorMod(name.hashCode(), THOROUGH) == 0;
    }

    /// On whose event loop it runs.
    Vertx vertx() {
        return way.vertx();
    }

    /// Whether it has proved itself and is connected.
    boolean isConnected() {
        return isWelcome;
    }

    /// How often the controller has turned it away.
    int refusals() {
        return refusals.get();
    }

    /// When it was last let in.
    long welcomeNs() {
        return welcomeNs;
    }

    /// What it has.
    Applied applied() {
        Applied current = applied;
        return current == null ? new Applied(0, "", 0) : current;
    }

    /// What it proves itself with.
    SigningKey key() {
        return key;
    }

    /// Its id at the controller.
    String id() {
        return id;
    }

    /// Enrols with its token.
    Future<?> enrol() {
        Bytes nonce = nonce();
        return ask(HttpMethod.GET, Protocol.HELLO_PATH + query(nonce), "")
                .map(json -> Greeting.parse(json).orElseThrow())
                .map(greeting -> request(greeting, nonce))
                .compose(request -> ask(HttpMethod.POST, Protocol.ENROL_PATH, Json.write(request.json())))
                .onSuccess(json -> id = json.textOrDash("agentId"));
    }

    private EnrolRequest request(Greeting greeting, Bytes nonce) {
        checkOurs(greeting, nonce);
        String tunnelKey = Bytes.random(RANDOM, VerifyKey.LENGTH).toString();
        var applicant = new EnrolRequest.Applicant(key.verifyKey(), tunnelKey, name, "linux amd64", "virtual");
        return EnrolRequest.sign(way.token(), key, applicant, nonce, greeting);
    }

    private Future<JsonObject> ask(HttpMethod method, String path, String body) {
        return way.http()
                .request(method, way.url().getPort(), way.url().getHost(), path)
                .compose(request ->
                        request.putHeader("content-type", "application/json").send(body))
                .compose(response -> response.body().map(text -> {
                    if (response.statusCode() >= 300) {
                        throw new IllegalStateException(
                                method + " " + path + ": " + response.statusCode() + " " + text);
                    }
                    return new JsonObject(Json.object(text.toString()).orElse(Map.of()));
                }));
    }

    /// Connects, and again whenever it is cut off.
    void connect() {
        if (way.isOver().getAsBoolean()) {
            return;
        }
        Bytes nonce = nonce();
        var options = new WebSocketConnectOptions()
                .setHost(way.url().getHost())
                .setPort(way.url().getPort())
                .setSsl(true)
                .setURI(Protocol.SOCKET_PATH + query(nonce))
                .setAllowOriginHeader(false)
                .addSubProtocol(Protocol.AGENT_SUBPROTOCOL);
        way.sockets().connect(options).onSuccess(open -> opened(open, nonce)).onFailure(_ -> retry());
    }

    private void opened(WebSocket open, Bytes nonce) {
        socket = open;
        open.textMessageHandler(text -> onText(open, text, nonce));
        open.closeHandler(_ -> {
            isWelcome = false;
            retry();
        });
    }

    /// After a pause drawn from a span that doubles: so a fleet does not come back all at once.
    private void retry() {
        way.vertx().setTimer(1 + RANDOM.nextLong(retryMs), _ -> connect());
        retryMs = Math.min(LONGEST_RETRY_MS, 2 * retryMs);
    }

    private void onText(WebSocket from, String text, Bytes nonce) {
        if (!(MessageCodec.controller(text) instanceof Decoded.Valid<ControllerMessage>(ControllerMessage message))) {
            return;
        }
        switch (message) {
            case ControllerMessage.Challenge(Greeting greeting) -> {
                checkOurs(greeting, nonce);
                Applied has = applied();
                var held = new AgentMessage.Held("virtual", has.revision(), has.hash());
                say(from, AgentMessage.Hello.sign(key, greeting, nonce, id, bootId, held));
            }
            case ControllerMessage.Config(SignedConfig config) -> {
                if (!isThorough || config.isFor(id, way.token().pin())) {
                    applied = new Applied(config.revision(), config.hash(), System.nanoTime());
                    say(from, new AgentMessage.Ack(config.revision(), config.hash(), ConfigState.APPLIED, ""));
                }
            }
            case ControllerMessage.Welcome _ -> {
                welcomeNs = System.nanoTime();
                retryMs = FIRST_RETRY_MS;
                isWelcome = true;
            }
            case ControllerMessage.Watch(int seconds) ->
                watchedUntilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            case ControllerMessage.Rekey _, ControllerMessage.Rekeyed _ -> {} // Its keys are not what is measured.
            case ControllerMessage.Refused _ -> {
                refusals.incrementAndGet();
                retryMs = LONGEST_RETRY_MS;
            }
        }
    }

    /// Tells how its links do, if it is connected.
    void summarise() {
        WebSocket current = socket;
        if (isWelcome && current != null && !current.isClosed()) {
            current.writeTextMessage(SUMMARY);
        }
    }

    /// Tells of a single second, while somebody watches. Its first link carries as many bits as milliseconds have
    /// passed since 1970, less whole billions, so that whoever draws that knows how old it is.
    void tellSecond() {
        WebSocket current = socket;
        boolean isWatched = System.nanoTime() < watchedUntilNs;
        if (isWelcome && isWatched && current != null && !current.isClosed()) {
            current.writeTextMessage(stats(1, System.currentTimeMillis() % MILLISECONDS));
        }
    }

    /// Keeps the connection alive.
    void ping() {
        WebSocket current = socket;
        if (isWelcome && current != null && !current.isClosed()) {
            current.writePing(Buffer.buffer("onebox"));
        }
    }

    private void checkOurs(Greeting greeting, Bytes nonce) {
        greeting.verify(way.token().pin(), nonce).ifPresent(refusal -> {
            throw new IllegalStateException(refusal.detail());
        });
    }

    private static String stats(int seconds, long rxBitsPerSecond) {
        List<Map<String, Object>> links = Stream.of("eth0", "wlan0", "wwan0")
                .map(link -> Map.<String, Object>of(
                        "name", link,
                        "state", "usable",
                        "rxBitsPerSecond", rxBitsPerSecond,
                        "txBitsPerSecond", 2_345_678,
                        "rttMinSeconds", 0.021,
                        "rttSeconds", 0.034,
                        "rttMaxSeconds", 0.087,
                        "jitterSeconds", 0.004,
                        "lossRatio", 0.012))
                .toList();
        return Json.write(Map.of("type", "stats", "seconds", seconds, "links", links));
    }

    private static void say(WebSocket to, AgentMessage message) {
        to.writeTextMessage(MessageCodec.encode(message));
    }

    private static Bytes nonce() {
        return Bytes.random(RANDOM, Protocol.NONCE_LENGTH);
    }

    private static String query(Bytes nonce) {
        return "?n=" + URLEncoder.encode(nonce.toString(), StandardCharsets.UTF_8);
    }
}
