package io.onebox.agent.control;

import io.onebox.agent.control.ControlFiles.Enrolment;
import io.onebox.agent.link.EndpointResolver;
import io.onebox.shared.config.HostPort;
import io.onebox.shared.config.IpText;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ControllerMessage;
import io.onebox.shared.message.Decoded;
import io.onebox.shared.message.Greeting;
import io.onebox.shared.message.MessageCodec;
import io.onebox.shared.message.Protocol;
import io.onebox.shared.message.SignedConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The control channel: connects, proves who it is, hands on configurations, and connects again for ever. Attempts go
/// to all nodes beside the tunnel, then to all through it, and so on, so that one of them works whichever is broken.
public final class ControllerClient implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ControllerClient.class);

    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int CLOSING_SECONDS = 1;

    /// How often a controller is asked whether it is there, how long it may take to answer, and how long to let an
    /// agent
    /// in: when a whole fleet comes back at once, who gives up early has to begin again.
    private static final Patience ALONE = new Patience(20_000, 20_000, 30_000);

    /// The same if there is another node to go to: 10 seconds may pass until the agent is there.
    private static final Patience ONE_OF_SEVERAL = new Patience(4_000, 2_500, CONNECT_TIMEOUT_MS);

    private static final int HTTPS = 443;

    private final Vertx vertx;
    private final Enrolment enrolment;
    private final Keys keys;
    private final SecureRandom random;
    private final EndpointResolver resolver;
    private final AtomicBoolean isBeside;
    private final Listener listener;
    private final String bootId;
    private final Patience patience;
    private final WebSocketClient client;
    private final RetryPauses pauses;
    private int first;
    private int attempts;
    private volatile boolean isClosed;
    private volatile @Nullable WebSocket socket;
    private boolean isWelcome;

    /// Who listens. Called on an event loop; must not block.
    public interface Listener {
        /// What the agent has.
        AgentMessage.Held held();

        /// The connection came, went, or was refused.
        ///
        /// @param state `connecting`, `connected`, `pending` or `refused`
        /// @param reason empty, or why
        void onState(String state, String reason);

        /// A configuration, not checked.
        void onConfig(SignedConfig config);

        /// Somebody watches, for so many seconds.
        void onWatch(int seconds);
    }

    /// @param isBeside what the transport asks for each new connection
    public ControllerClient(
            Vertx vertx,
            Who who,
            SecureRandom random,
            EndpointResolver resolver,
            AtomicBoolean isBeside,
            Listener listener) {
        this.vertx = vertx;
        this.enrolment = who.enrolment();
        this.keys = who.keys();
        this.random = random;
        this.pauses = new RetryPauses(random);
        this.resolver = resolver;
        this.isBeside = isBeside;
        this.listener = listener;
        this.patience = enrolment.urls().size() > 1 ? ONE_OF_SEVERAL : ALONE;
        this.bootId = Bytes.random(random, Long.BYTES).hex();
        var options = new WebSocketClientOptions()
                .setSsl(true)
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setClosingTimeout(CLOSING_SECONDS)
                .setSslHandshakeTimeout(patience.admissionMs())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxFrameSize(Protocol.MAX_CONTROLLER_MESSAGE)
                .setMaxMessageSize(Protocol.MAX_CONTROLLER_MESSAGE)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        if (enrolment.isBehindProxy()) {
            options.setTrustOptions(TrustOptions.wrap(WebRoots.trusted()));
        } else {
            options.setTrustOptions(TrustOptions.wrap(new PinnedRoot(enrolment.pin())))
                    .setVerifyHost(false);
        }
        this.client = vertx.createWebSocketClient(options);
    }

    /// Who connects to whom.
    public record Who(Enrolment enrolment, Keys keys) {}

    /// What an agent proves itself with. Made and changed on a worker.
    @FunctionalInterface
    public interface Keys {
        /// The key in use.
        SigningKey identity();

        /// Makes others; empty if they never change.
        default Optional<AgentMessage.Rekey> next() {
            return Optional.empty();
        }

        /// The controller knows the agent by this key from now on.
        ///
        /// @return whether that is new
        default boolean confirmed(VerifyKey key) {
            return false;
        }
    }

    /// Connects, and goes on until closed.
    public void start() {
        listener.onState("connecting", "");
        vertx.runOnContext(_ -> connect());
    }

    /// Whether the controller has accepted us, and the connection stands.
    public boolean isConnected() {
        WebSocket current = socket;
        return current != null && !current.isClosed() && isWelcome;
    }

    /// Says something, if the controller has accepted us and reads what we say.
    ///
    /// @return whether it was said
    public boolean send(AgentMessage message) {
        WebSocket current = socket;
        if (current == null || !isConnected() || current.writeQueueFull()) {
            return false;
        }
        current.writeTextMessage(MessageCodec.encode(message));
        return true;
    }

    @Override
    public void close() {
        isClosed = true;
        client.close();
    }

    private void connect() {
        if (isClosed) {
            return;
        }
        int count = enrolment.urls().size();
        int index = (first + attempts) % count;
        URI url = enrolment.urls().get(index);
        isBeside.set(attempts / count % 2 == 0);
        attempts++;
        Bytes nonce = Bytes.random(random, Protocol.NONCE_LENGTH);
        resolve(url)
                .compose(address -> client.connect(options(url, address, nonce)))
                .onSuccess(connected -> onConnected(connected, nonce, index))
                .onFailure(failure -> {
                    log.atDebug()
                            .addKeyValue("url", url)
                            .addKeyValue("cause", failure.toString())
                            .log("controller not reached");
                    retry();
                });
    }

    private WebSocketConnectOptions options(URI url, SocketAddress address, Bytes nonce) {
        String query = "?n=" + URLEncoder.encode(nonce.toString(), StandardCharsets.UTF_8);
        return new WebSocketConnectOptions()
                .setServer(address)
                .setHost(url.getHost())
                .setPort(port(url))
                .setURI(Protocol.SOCKET_PATH + query)
                .setAllowOriginHeader(false)
                .setTimeout(patience.admissionMs())
                .setSubProtocols(List.of(Protocol.AGENT_SUBPROTOCOL));
    }

    /// Names are looked up as those of servers are, with the last good answer when nobody answers.
    private Future<SocketAddress> resolve(URI url) {
        String host = url.getHost().replaceAll("[\\[\\]]", "");
        return vertx.executeBlocking(() -> {
            List<InetAddress> found =
                    resolver.resolve(List.of(new HostPort(host, port(url)))).addresses();
            if (found.isEmpty()) {
                throw new UnknownHostException(host);
            }
            return SocketAddress.inetSocketAddress(port(url), IpText.of(found.getFirst()));
        });
    }

    private static int port(URI url) {
        return url.getPort() < 0 ? HTTPS : url.getPort();
    }

    private void onConnected(WebSocket connected, Bytes nonce, int index) {
        socket = connected;
        isWelcome = false;
        var pulse = new Pulse(vertx, connected, patience);
        connected.pongHandler(_ -> pulse.onPong());
        connected.textMessageHandler(text -> onText(connected, nonce, text));
        connected.exceptionHandler(failure ->
                log.atDebug().addKeyValue("cause", failure.toString()).log("the connection to the controller broke"));
        connected.closeHandler(_ -> {
            pulse.end();
            if (isWelcome) {
                first = index + 1; // The others come before the one that was lost.
                attempts = 0;
                log.info("controller gone; the tunnel goes on");
                listener.onState("connecting", "");
            }
            isWelcome = false;
            retry();
        });
    }

    private void onText(WebSocket from, Bytes nonce, String text) {
        switch (MessageCodec.controller(text)) {
            case Decoded.Malformed<ControllerMessage>(String problem) -> {
                log.atWarn().addKeyValue("problem", problem).log("the controller sent what is no message");
                from.close();
            }
            case Decoded.Unknown<ControllerMessage>(String type) ->
                log.atDebug().addKeyValue("type", type).log("a message of a newer controller is ignored");
            case Decoded.Valid<ControllerMessage>(ControllerMessage message) -> onMessage(from, nonce, message);
        }
    }

    private void onMessage(WebSocket from, Bytes nonce, ControllerMessage message) {
        switch (message) {
            case ControllerMessage.Challenge(Greeting greeting) -> answer(from, nonce, greeting);
            case ControllerMessage.Welcome(String state) -> {
                isWelcome = true;
                pauses.onWelcome();
                log.atInfo().addKeyValue("state", state).log("controller connected");
                listener.onState(state.equals("pending") ? "pending" : "connected", "");
            }
            case ControllerMessage.Config(SignedConfig config) -> {
                if (isWelcome) {
                    listener.onConfig(config);
                }
            }
            case ControllerMessage.Watch(int seconds) -> listener.onWatch(seconds);
            case ControllerMessage.Rekey() ->
                vertx.executeBlocking(keys::next)
                        .onSuccess(next -> next.ifPresent(this::send))
                        .onFailure(ControllerClient::keysFailed);
            case ControllerMessage.Rekeyed(VerifyKey key) ->
                vertx.executeBlocking(() -> keys.confirmed(key))
                        .onSuccess(isNew -> log.atInfo()
                                .addKeyValue("key", key.fingerprint().words())
                                .addKeyValue("new", isNew)
                                .log("the controller knows this key"))
                        .onFailure(ControllerClient::keysFailed);
            case ControllerMessage.Refused(String code, String detail) -> {
                log.atWarn().addKeyValue("code", code).log("the controller refuses this agent");
                isWelcome = false;
                pauses.onRefused();
                listener.onState(code.equals("pending_approval") ? "pending" : "refused", detail);
            }
        }
    }

    private static void keysFailed(Throwable failure) {
        log.atError().addKeyValue("cause", failure.getMessage()).log("the keys could not be changed");
    }

    private void answer(WebSocket from, Bytes nonce, Greeting greeting) {
        Optional<Greeting.Refusal> refusal = greeting.verify(enrolment.pin(), nonce);
        if (refusal.isPresent()) {
            log.atWarn().addKeyValue("reason", refusal.get().detail()).log("this is not our controller");
            from.close();
            return;
        }
        from.writeTextMessage(MessageCodec.encode(AgentMessage.Hello.sign(
                keys.identity(), greeting, nonce, enrolment.agentId(), bootId, listener.held())));
    }

    private void retry() {
        if (!isClosed) {
            vertx.setTimer(pauses.nextMs(), _ -> connect());
        }
    }

    /// How often to ask, how long to wait for the answer, and how long to be let in, TLS handshake included.
    private record Patience(long askMs, long answerMs, int admissionMs) {}

    /// Notices a connection over which nothing comes back.
    private static final class Pulse {
        private final Vertx vertx;
        private final WebSocket socket;
        private final Patience patience;
        private final long asking;
        private long waiting = -1;

        Pulse(Vertx vertx, WebSocket socket, Patience patience) {
            this.vertx = vertx;
            this.socket = socket;
            this.patience = patience;
            this.asking = vertx.setPeriodic(patience.askMs(), _ -> ask());
        }

        private void ask() {
            vertx.cancelTimer(waiting);
            waiting = vertx.setTimer(patience.answerMs(), _ -> socket.close());
            socket.writePing(Buffer.buffer("onebox"));
        }

        void onPong() {
            vertx.cancelTimer(waiting);
        }

        void end() {
            vertx.cancelTimer(asking);
            vertx.cancelTimer(waiting);
        }
    }
}
