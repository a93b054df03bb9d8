package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ConfigState;
import io.onebox.shared.message.EventKind;
import io.onebox.shared.message.LinkStats;
import io.onebox.shared.message.MessageCodec;
import io.onebox.shared.message.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What strangers, and agents that were taken over, cannot do to the port.
class SecurityTest {

    private static final int POLICY_VIOLATION = 1008;

    private static RunningController controller;
    private static String cookie;

    @BeforeAll
    static void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
    }

    @AfterAll
    static void stop() {
        controller.close();
    }

    @Test
    void everyAnswerTellsBrowsersToBeStrict() {
        for (String path : List.of("/api/v1/me", "/health/live", "/nothing", Protocol.HELLO_PATH)) {
            Answer answer = controller.ask("GET", path, "");
            assertThat(answer.response().headers().map())
                    .as(path)
                    .containsKeys("strict-transport-security", "content-security-policy", "referrer-policy")
                    .containsEntry("x-content-type-options", List.of("nosniff"))
                    .doesNotContainKeys("server", "access-control-allow-origin");
        }
    }

    @Test
    void speaksTls13AndNothingOlder() throws IOException {
        try (SSLSocket old = controller.tls("TLSv1.2")) {
            assertThatThrownBy(old::startHandshake).isInstanceOf(IOException.class);
        }
        try (SSLSocket now = controller.tls("TLSv1.3")) {
            now.startHandshake();
            assertThat(now.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    /// Neither for agents nor for the stream: it costs memory, and its lengths tell of what is compressed.
    @Test
    void noWebSocketIsCompressed() throws IOException {
        String agents = Protocol.SOCKET_PATH + "?n=" + "A".repeat(43) + "%3D";

        assertThat(upgrade(agents, Protocol.AGENT_SUBPROTOCOL, "x-nothing: 1"))
                .startsWith("HTTP/1.1 101")
                .doesNotContain("sec-websocket-extensions");
        assertThat(upgrade("/api/v1/stream", "onebox.stream.v1", "cookie: " + cookie))
                .startsWith("HTTP/1.1 101")
                .doesNotContain("sec-websocket-extensions");
    }

    /// The head of the answer to somebody who offers compression.
    private static String upgrade(String path, String subprotocol, String header) throws IOException {
        try (SSLSocket socket = controller.tls("TLSv1.3")) {
            String request = """
                    GET %s HTTP/1.1
                    host: localhost
                    connection: Upgrade
                    upgrade: websocket
                    sec-websocket-version: 13
                    sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==
                    sec-websocket-protocol: %s
                    sec-websocket-extensions: permessage-deflate; client_max_window_bits
                    %s

                    """.formatted(path, subprotocol, header).replace("\n", "\r\n");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            var head = new StringBuilder();
            for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                head.append(line.startsWith("HTTP") ? line : line.toLowerCase(Locale.ROOT))
                        .append('\n');
            }
            return head.toString();
        }
    }

    @Test
    void longBodiesAreNotRead() {
        String body = "{\"login\":\"" + "x".repeat(1024 * 1024) + "\",\"password\":\"x\"}";

        assertThat(controller.ask("POST", "/api/v1/session", body).status()).isEqualTo(413);
        assertThat(controller.ask("POST", Protocol.ENROL_PATH, body).status()).isEqualTo(413);
    }

    @Test
    void whoHasNotProvedWhoHeIsIsNotHeard() {
        String path = Protocol.SOCKET_PATH + "?n=" + "A".repeat(43) + "%3D";
        try (SocketClient stranger = controller.connect(path, Protocol.AGENT_SUBPROTOCOL)) {
            stranger.say("{\"type\":\"stats\",\"seconds\":10,\"links\":[]}");
            assertThat(stranger.closeCode(5)).contains(POLICY_VIOLATION);
        }
        try (SocketClient stranger = controller.connect(path, Protocol.AGENT_SUBPROTOCOL)) {
            stranger.say("{\"type\":\"hello\",\"agentId\":\"0123456789abcdef\",\"bootId\":\"b\",\"version\":\"1\","
                    + "\"revision\":0,\"hash\":\"\",\"signature\":\"" + "A".repeat(86) + "==\"}");
            assertThat(stranger.closeCode(5)).contains(POLICY_VIOLATION);
        }
    }

    @Test
    void anAgentCannotFloodTheController() {
        try (var agent = new VirtualAgent(controller, cookie, "flood")) {
            for (int i = 0; i < 300 && agent.socket().closeCode(0).isEmpty(); i++) {
                agent.socket().trySay("{\"type\":\"song\"}");
            }
            assertThat(agent.socket().closeCode(5)).contains(POLICY_VIOLATION);
        }
    }

    @Test
    void whatANewerAgentSaysIsIgnoredAndCounted() {
        try (var agent = new VirtualAgent(controller, cookie, "newer")) {
            double before = ignored();

            agent.socket().say("{\"type\":\"dance\"}");

            eventually(Duration.ofSeconds(10), () -> assertThat(ignored()).isGreaterThan(before));
            assertThat(agent.socket().closeCode(0)).isEmpty();
        }
    }

    private static double ignored() {
        return controller
                .metrics()
                .lines()
                .filter(line -> line.startsWith("onebox_controller_agents_ignored_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    @Test
    void anAgentCannotSayTooMuchAtOnce() {
        try (var agent = new VirtualAgent(controller, cookie, "long")) {
            agent.socket().trySay("{\"type\":\"" + "x".repeat(Protocol.MAX_AGENT_MESSAGE) + "\"}");
            assertThat(agent.socket().closeCode(5)).isPresent();
        }
    }

    @Test
    void anAgentCannotSayWhatOnlyTheControllerKnows() {
        try (var agent = new VirtualAgent(controller, cookie, "liar")) {
            agent.say(new AgentMessage.Event(EventKind.AGENT_OFFLINE, "", "", 0));
            assertThat(agent.socket().closeCode(5)).contains(POLICY_VIOLATION);
        }
    }

    /// The id comes from the session: whatever a frame says of another agent is said of the sender.
    @Test
    void anAgentSpeaksOnlyOfItself() {
        SigningKey key = SigningKey.generate(new SecureRandom());
        SigningKey next = SigningKey.generate(new SecureRandom());
        String id = VirtualAgent.enrol(controller, cookie, "{\"role\":\"client\"}", key, "taken");
        try (var honest = new VirtualAgent(controller, cookie, "honest");
                SocketClient taken = VirtualAgent.connect(controller, key, id)) {
            JsonObject before = ask(honest.id(), "").json();
            String names = "{\"agentId\":\"%s\",\"agent\":\"%s\",".formatted(honest.id(), honest.id());
            String hash = before.object("configuration").textOrDash("hash");
            var link = new LinkStats("eth9", "usable", 1e6, 1e6, new LinkStats.Rtt(0.1, 0.2, 0.3), null, null, null);
            for (AgentMessage message : List.of(
                    new AgentMessage.Ack(1, hash, ConfigState.ROLLED_BACK, "spoilt"),
                    new AgentMessage.Stats(10, List.of(link)),
                    new AgentMessage.KeysWanted(),
                    AgentMessage.Rekey.sign(key, next, honest.id(), "A".repeat(43) + "="),
                    new AgentMessage.Event(EventKind.LINK_DOWN, "eth9", "", 0))) {
                taken.say(MessageCodec.encode(message).replaceFirst("\\{", names));
            }

            eventually(Duration.ofSeconds(10), () -> {
                assertThat(body(id, "/events")).contains("eth9");
                assertThat(body(id, "/stats")).contains("eth9");
                assertThat(ask(id, "").json().object("configuration").text("reason"))
                        .isEqualTo("spoilt");
            });
            JsonObject after = ask(honest.id(), "").json();
            assertThat(after.text("words")).isEqualTo(before.text("words"));
            assertThat(after.object("configuration").text("reason")).isEmpty();
            assertThat(body(honest.id(), "/events") + body(honest.id(), "/stats"))
                    .doesNotContain("eth9");
            try (SocketClient forger = VirtualAgent.greet(controller, key, honest.id(), "boot")) {
                assertThat(forger.next("refused").text("code")).isEqualTo("unknown_agent");
            }
        }
    }

    @Test
    void connectionsThatHaveEndedDoNotCount() {
        String path = Protocol.SOCKET_PATH + "?n=" + "A".repeat(43) + "%3D";
        for (int i = 0; i < 300; i++) {
            controller.connect(path, Protocol.AGENT_SUBPROTOCOL).close();
        }

        assertThat(controller.ask("GET", "/health/live", "").status()).isEqualTo(200);
    }

    private static String body(String agent, String path) {
        return ask(agent, path).response().body();
    }

    private static Answer ask(String agent, String path) {
        return controller.ask("GET", "/api/v1/agents/" + agent + path, "", "cookie", cookie);
    }
}
