package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.store.AuditLog;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.OlderDatabase;
import io.onebox.controller.store.Sql;
import io.onebox.controller.trust.ControllerKeys;
import io.onebox.controller.trust.StateFiles;
import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.AgentMessage;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `version-5.sql` has is there and works after `migrate`, from that version of the tables and from later ones.
class OlderSchemaTest {

    private static final String VAN = "00000000000000a2";
    private static final String BOAT = "00000000000000a4";
    private static final String HOOK = "0e0e0e0e0e0e0e0e";
    private static final String API_TOKEN = "Bearer obt1_0a1b2c3d_0123456789abcdefghijklmnopqrstuv";

    @TempDir
    private Path directory;

    private final SecureRandom random = new SecureRandom();
    private RunningController controller;
    private EnrolmentToken token;
    private String cookie;

    @AfterEach
    void stop() {
        controller.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "8", "13"})
    void everythingIsThere(String version) {
        start(version);

        assertThat(ask("GET", "/agents").objects("items").stream()
                        .map(agent -> String.join(
                                " ",
                                agent.text("name"),
                                agent.text("state"),
                                agent.texts("addresses").toString(),
                                String.valueOf(agent.text("server")))))
                .containsExactlyInAnyOrder(
                        "frankfurt active [10.77.0.1/16, fd77::1/48] null",
                        "van active [10.77.0.2/16, fd77::2/48] 00000000000000a1",
                        "bus disabled [10.77.0.3/16, fd77::3/48] 00000000000000a1",
                        "boat pending [] null");
        assertThat(ask("GET", "/agents/" + VAN + "/revisions").objects("items").stream()
                        .map(revision -> revision.integer("revision") + " " + revision.text("state") + " "
                                + revision.text("document")))
                .satisfiesExactly(
                        newest -> assertThat(newest).startsWith("2 applied ").contains("server.example.net:51820"),
                        oldest -> assertThat(oldest).startsWith("1 superseded ").contains("\"enabled\":false"));
        assertThat(texts("/agents/" + VAN + "/events", "kind")).containsExactly("agent.offline", "link.down");
        assertThat(texts("/webhooks", "url")).containsExactly("https://hook.example/x");
        assertThat(texts("/users", "login")).containsExactlyInAnyOrder("alice", "bob");
        assertThat(texts("/audit", "action"))
                .containsExactly("login", "agent.disable", "agent.enrol", "login", "user.add");
        assertThat(AuditLog.isWhole(controller.controller().database())).isTrue();
        assertThat(controller
                        .ask("GET", "/api/v1/agents/" + VAN, "", "authorization", API_TOKEN)
                        .json()
                        .isTrue("connected"))
                .as("seen by the API token")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "8", "13"})
    void everythingWorks(String version) {
        start(version);
        SigningKey van = SigningKey.ofSeed(seed(2));

        try (SocketClient agent = VirtualAgent.greet(controller, van, VAN, "boot", new AgentMessage.Held("1", 0, ""))) {
            agent.next("welcome");
            JsonObject config = agent.next("config");
            assertThat(config.integer("revision")).isEqualTo(2);
            assertThat(config.textOrDash("document")).contains("server.example.net:51820");

            ask("POST", "/agents/" + VAN + "/resync");
            assertThat(agent.next("config").integer("revision")).isEqualTo(3);
        }
        assertThat(VirtualAgent.enrol(controller, token, SigningKey.generate(random), "bike")
                        .status())
                .as("a token from before")
                .isEqualTo(201);
        assertThat(ask("POST", "/agents/" + BOAT + "/approve").text("state")).isEqualTo("active");
        assertThat(ask("PATCH", "/agents/" + VAN, "{\"name\":\"camper\"}").text("name"))
                .isEqualTo("camper");
        assertThat(ask("POST", "/agents/" + VAN + "/revisions/2/revert").text("name"))
                .isEqualTo("van");
        assertThat(AuditLog.isWhole(controller.controller().database())).isTrue();
    }

    /// The controller of the version, `migrate`, and the controller of today.
    private void start(String version) {
        ControllerConfig config = RunningController.config(directory);
        OlderDatabase.create(config.database(), version);
        try (Database database = Database.open(config.database())) {
            var files = new StateFiles(config.stateDirectory());
            ControllerKeys keys = ControllerKeys.create(files, database, random, Instant.now());
            token = new EnrolmentToken(
                    AgentRole.CLIENT,
                    false,
                    Bytes.of(new byte[] {7, 7, 7, 7, 7, 7, 7, 7}),
                    Bytes.random(random, EnrolmentToken.SECRET_LENGTH),
                    keys.root().fingerprint(),
                    List.of(URI.create("https://127.0.0.1:8443")));
            seal(database, keys, "UPDATE enrol_token SET verifier = ?", "enrol-token " + token.id(), token.verifier());
            seal(database, keys, "UPDATE webhook SET secret = ?", "webhook " + HOOK, Bytes.random(random, 32));
            assertThatThrownBy(() -> Controller.open(config)).hasMessageContaining("onebox-controller migrate");
            assertThat(database.migrate()).isPositive();
        }
        controller = RunningController.on(config);
        cookie = controller.login("alice");
    }

    private static void seal(Database database, ControllerKeys keys, String sql, String name, Bytes secret) {
        String sealed = keys.master().seal(name, secret.array());
        assertThat(database.<Integer>transaction(connection -> Sql.update(connection, sql, sealed)))
                .isEqualTo(1);
    }

    private static byte[] seed(int number) {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) number);
        return seed;
    }

    private List<String> texts(String path, String name) {
        return ask("GET", path).objects("items").stream()
                .map(item -> item.textOrDash(name))
                .toList();
    }

    private JsonObject ask(String method, String path) {
        return ask(method, path, "");
    }

    private JsonObject ask(String method, String path, String body) {
        Answer answer = controller.ask(method, "/api/v1" + path, body, "cookie", cookie);
        assertThat(answer.status()).as(path + " " + answer.response().body()).isEqualTo(200);
        return answer.json();
    }
}
