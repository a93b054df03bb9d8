package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.Json;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.EnrolRequest;
import io.onebox.shared.message.EnrolRequest.Applicant;
import io.onebox.shared.message.EnrolRequest.Tagging;
import io.onebox.shared.message.Greeting;
import io.onebox.shared.message.MessageCodec;
import io.onebox.shared.message.Protocol;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/// An agent without a tunnel: it speaks the real protocol over real TLS.
final class VirtualAgent implements AutoCloseable {

    private static final String TUNNEL_KEY = "A".repeat(43) + "=";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String id;
    private final SocketClient socket;

    /// Enrols and connects.
    VirtualAgent(RunningController controller, String cookie, String name) {
        SigningKey key = SigningKey.generate(RANDOM);
        id = enrol(controller, cookie, "{\"role\":\"client\"}", key, name);
        socket = connect(controller, key, id);
    }

    /// Enrols with a token of its own, made on these terms, and returns the id.
    static String enrol(RunningController controller, String cookie, String terms, SigningKey key, String name) {
        return enrol(controller, token(controller, cookie, terms), key, name)
                .json()
                .textOrDash("agentId");
    }

    /// Connects an agent that is enrolled.
    static SocketClient connect(RunningController controller, SigningKey key, String id) {
        return connect(controller, key, id, "boot");
    }

    /// Connects one that was started as often as the word says: another word with every start.
    static SocketClient connect(RunningController controller, SigningKey key, String id, String start) {
        SocketClient socket = greet(controller, key, id, start);
        socket.next("welcome");
        return socket;
    }

    /// Says hello, and leaves the answer to be read.
    static SocketClient greet(RunningController controller, SigningKey key, String id, String start) {
        return greet(controller, key, id, start, new AgentMessage.Held("1", 0, ""));
    }

    /// Says hello, and what it has.
    static SocketClient greet(
            RunningController controller, SigningKey key, String id, String start, AgentMessage.Held held) {
        Bytes nonce = Bytes.random(RANDOM, Protocol.NONCE_LENGTH);
        SocketClient socket = controller.connect(Protocol.SOCKET_PATH + query(nonce), Protocol.AGENT_SUBPROTOCOL);
        Greeting greeting = Greeting.parse(socket.next("challenge")).orElseThrow();
        socket.say(MessageCodec.encode(AgentMessage.Hello.sign(key, greeting, nonce, id, start, held)));
        return socket;
    }

    String id() {
        return id;
    }

    SocketClient socket() {
        return socket;
    }

    void say(AgentMessage message) {
        socket.say(MessageCodec.encode(message));
    }

    /// A new token, as the API makes it.
    static EnrolmentToken token(RunningController controller, String cookie, String body) {
        String text = controller
                .ask("POST", "/api/v1/enrol-tokens", body, "cookie", cookie)
                .json()
                .textOrDash("token");
        return switch (EnrolmentToken.parse(text)) {
            case EnrolmentToken.Parsed.Valid(EnrolmentToken token) -> token;
            case EnrolmentToken.Parsed.Malformed(String problem) -> throw new AssertionError(problem);
        };
    }

    /// Asks to be enrolled.
    static Answer enrol(RunningController controller, EnrolmentToken token, SigningKey key, String name) {
        return enrol(controller, token, key, name, Tagging.AS_IT_IS);
    }

    /// Asks to be enrolled, and for tags.
    static Answer enrol(
            RunningController controller, EnrolmentToken token, SigningKey key, String name, Tagging tagging) {
        Bytes nonce = Bytes.random(RANDOM, Protocol.NONCE_LENGTH);
        Greeting greeting = Greeting.parse(controller
                        .ask("GET", Protocol.HELLO_PATH + query(nonce), "")
                        .json())
                .orElseThrow();
        assertThat(greeting.verify(token.pin(), nonce)).isEmpty();
        var applicant = new Applicant(key.verifyKey(), TUNNEL_KEY, name, "linux", "1");
        EnrolRequest request = EnrolRequest.sign(token, key, applicant, nonce, greeting, tagging);
        return controller.ask("POST", Protocol.ENROL_PATH, Json.write(request.json()));
    }

    private static String query(Bytes nonce) {
        return "?n=" + URLEncoder.encode(nonce.toString(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        socket.close();
    }
}
