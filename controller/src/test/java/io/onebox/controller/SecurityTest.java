package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.EventKind;
import io.onebox.shared.message.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    /// The id comes from the session: a frame that names another agent is the sender's own.
    @Test
    void anAgentSpeaksOnlyOfItself() {
        try (var honest = new VirtualAgent(controller, cookie, "honest");
                var taken = new VirtualAgent(controller, cookie, "taken")) {
            String names = "\"agentId\":\"%s\",\"agent\":\"%s\"".formatted(honest.id(), honest.id());
            taken.socket()
                    .say("{\"type\":\"event\"," + names + ",\"kind\":\"link.down\",\"link\":\"eth0\","
                            + "\"detail\":\"\",\"secondsAgo\":0}");

            eventually(Duration.ofSeconds(5), () -> assertThat(events(taken)).contains("link.down"));
            assertThat(events(honest)).doesNotContain("link.down");
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

    private static String events(VirtualAgent agent) {
        return controller
                .ask("GET", "/api/v1/agents/" + agent.id() + "/events", "", "cookie", cookie)
                .response()
                .body();
    }
}
