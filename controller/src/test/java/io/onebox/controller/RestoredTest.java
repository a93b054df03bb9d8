package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.AgentMessage;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent has what the database does not know any more: it was restored from an old backup.
class RestoredTest {

    private static final long HAS = 40;
    private static final String HASH = "b".repeat(64);

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private RunningController controller;
    private String cookie;
    private String server;
    private String id;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
        SigningKey other = SigningKey.generate(new SecureRandom());
        String terms = "{\"role\":\"server\",\"endpoints\":[\"192.0.2.1:51820\"]}";
        server = VirtualAgent.enrol(controller, cookie, terms, other, "frankfurt");
        id = VirtualAgent.enrol(controller, cookie, "{\"role\":\"client\"}", key, "van");
        try (SocketClient agent = VirtualAgent.connect(controller, key, id)) {
            agent.next("config");
        }
        eventually(
                Duration.ofSeconds(10),
                () -> assertThat(ask("GET", "", "").json().isTrue("connected")).isFalse());
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void keepsWhatItHasAndThatIsTold() {
        try (SocketClient agent = connectAhead()) {
            eventually(
                    Duration.ofSeconds(10),
                    () -> assertThat(ask("GET", "/events", "").response().body())
                            .contains("agent.ahead", "it has revision 40, the database had 1"));
            JsonObject newest = newest();
            assertThat(newest.integer("revision")).isEqualTo(HAS);
            assertThat(newest.text("hash")).isEqualTo(HASH);
            assertThat(newest.text("reason")).contains("restored");
            assertThat(ask("POST", "/revisions/40/revert", "").status())
                    .as("nobody knows what was set")
                    .isEqualTo(409);

            move("192.0.2.2:51820");

            JsonObject config = agent.next("config");
            assertThat(config.integer("revision")).as("nothing came before it").isEqualTo(HAS + 1);
            assertThat(config.textOrDash("document")).contains("192.0.2.2:51820");
        }
    }

    @Test
    void staysAsItIsHoweverOftenItComesBack() {
        connectAhead().close();
        connectAhead().close();

        assertThat(newest().integer("revision")).isEqualTo(HAS);
        assertThat(ask("GET", "/revisions", "").json().objects("items")).hasSize(2);
    }

    @Test
    void getsWhatWasChangedSinceTheRestore() {
        move("192.0.2.3:51820");

        try (SocketClient agent = connectAhead()) {
            JsonObject config = agent.next("config");
            assertThat(config.integer("revision")).isEqualTo(HAS + 1);
            assertThat(config.textOrDash("document")).contains("192.0.2.3:51820");
        }
    }

    @Test
    void getsWhatTheDatabaseHasIfSomebodyWantsThat() {
        try (SocketClient agent = connectAhead()) {
            assertThat(ask("POST", "/resync", "").status()).isEqualTo(200);

            JsonObject config = agent.next("config");
            assertThat(config.integer("revision")).isEqualTo(HAS + 1);
            assertThat(config.textOrDash("document")).contains("192.0.2.1:51820");
            assertThat(controller
                            .ask("GET", "/api/v1/audit", "", "cookie", cookie)
                            .response()
                            .body())
                    .contains("agent.resync");
        }
    }

    private SocketClient connectAhead() {
        var held = new AgentMessage.Held("1", HAS, HASH);
        SocketClient agent = VirtualAgent.greet(controller, key, id, "boot", held);
        agent.next("welcome");
        eventually(
                Duration.ofSeconds(10),
                () -> assertThat(newest().integer("revision")).isGreaterThanOrEqualTo(HAS));
        return agent;
    }

    private void move(String endpoint) {
        String body = "{\"endpoints\":[\"%s\"]}".formatted(endpoint);
        Answer answer = controller.ask("PATCH", "/api/v1/agents/" + server, body, "cookie", cookie);
        assertThat(answer.status()).isEqualTo(200);
    }

    private JsonObject newest() {
        return ask("GET", "/revisions", "").json().objects("items").getFirst();
    }

    private Answer ask(String method, String path, String body) {
        return controller.ask(method, "/api/v1/agents/" + id + path, body, "cookie", cookie);
    }
}
