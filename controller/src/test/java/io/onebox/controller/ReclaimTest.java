package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A machine that was set up anew: its keys are lost, and its name is taken by the agent it was.
class ReclaimTest {

    private static final int POLICY_VIOLATION = 1008;

    private final SecureRandom random = new SecureRandom();
    private final SigningKey first = SigningKey.generate(random);
    private final SigningKey next = SigningKey.generate(random);
    private RunningController controller;
    private String cookie;
    private String id;
    private EnrolmentToken token;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
        id = VirtualAgent.enrol(controller, cookie, "{\"role\":\"client\",\"tags\":[\"lte\"]}", first, "van");
        token = VirtualAgent.token(controller, cookie, "{\"role\":\"client\"}");
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void waitsUntilSomebodyGivesItTheAgentItWas() {
        SocketClient before = VirtualAgent.connect(controller, first, id);
        Answer claim = enrol(next, "van");

        assertThat(claim.status()).isEqualTo(202);
        assertThat(claim.json().text("agentId")).isEqualTo(id);
        assertThat(claim.json().text("state")).isEqualTo("pending");
        assertThat(claim.json().text("reason")).isEqualTo("name_conflict");
        assertThat(agent().object("claim").text("words"))
                .isEqualTo(next.verifyKey().fingerprint().words());
        assertThat(refusal(next)).as("it waits").isEqualTo("pending_approval");
        assertThat(before.closeCode(0)).as("who has the name keeps it").isEmpty();

        JsonObject reclaimed = ask("POST", "/agents/" + id + "/reclaim").json();

        assertThat(reclaimed.text("words"))
                .isEqualTo(next.verifyKey().fingerprint().words());
        assertThat(reclaimed.texts("tags")).containsExactly("lte");
        assertThat(reclaimed.object("claim").fields()).isEmpty();
        assertThat(before.closeCode(5)).contains(POLICY_VIOLATION);
        assertThat(refusal(first)).isEqualTo("unknown_agent");
        VirtualAgent.connect(controller, next, id).close();
        assertThat(ask("GET", "/audit").response().body())
                .contains(
                        "agent.claim",
                        "agent.reclaim",
                        next.verifyKey().fingerprint().words());
    }

    @Test
    void mayAskAgainAndUsesNothingUp() {
        enrol(next, "van");

        assertThat(enrol(next, "van").status()).isEqualTo(202);
        ask("POST", "/agents/" + id + "/reclaim");

        assertThat(enrol(next, "van").status()).as("it is the agent now").isEqualTo(200);
        assertThat(uses()).isEqualTo(1);
    }

    @Test
    void mayTakeAnotherNameInstead() {
        enrol(next, "van");

        Answer other = enrol(next, "bus");

        assertThat(other.status()).isEqualTo(201);
        assertThat(other.json().text("agentId")).isNotEqualTo(id);
        assertThat(agent().object("claim").fields()).isEmpty();
        assertThat(uses()).as("the use it had").isEqualTo(1);
    }

    @Test
    void isTurnedAwayWithItsToken() {
        enrol(next, "van");

        assertThat(ask("DELETE", "/agents/" + id + "/claim").status()).isEqualTo(204);

        assertThat(refusal(next)).isEqualTo("unknown_agent");
        assertThat(enrol(next, "van").json().text("type")).isEqualTo("urn:onebox:problem:token_spent");
        assertThat(ask("DELETE", "/agents/" + id + "/claim").status()).isEqualTo(409);
        assertThat(ask("POST", "/agents/" + id + "/reclaim").status()).isEqualTo(409);
        VirtualAgent.connect(controller, first, id).close();
    }

    @Test
    void isLetInAgainByHimWhoRevokedIt() {
        ask("POST", "/agents/" + id + "/revoke");
        enrol(next, "van");
        assertThat(agent().text("state")).isEqualTo("revoked");

        assertThat(ask("POST", "/agents/" + id + "/reclaim").json().text("state"))
                .isEqualTo("active");

        assertThat(enrol(first, "van").json().text("type")).isEqualTo("urn:onebox:problem:token_spent");
    }

    @Test
    void isNoServerIfItWasAClient() {
        EnrolmentToken server = VirtualAgent.token(controller, cookie, "{\"role\":\"server\"}");

        assertThat(VirtualAgent.enrol(controller, server, next, "van").json().text("type"))
                .isEqualTo("urn:onebox:problem:name_conflict");
        assertThat(VirtualAgent.enrol(controller, server, next, "frankfurt").status())
                .as("the refusal used nothing up")
                .isEqualTo(201);
    }

    private long uses() {
        return ask("GET", "/enrol-tokens").json().objects("items").stream()
                .filter(each -> token.id().equals(each.text("id")))
                .mapToLong(each -> each.objects("usedBy").size())
                .sum();
    }

    /// The code with which somebody is refused who says he is the agent.
    private String refusal(SigningKey key) {
        try (SocketClient socket = VirtualAgent.greet(controller, key, id, "boot")) {
            return socket.next("refused").textOrDash("code");
        }
    }

    private JsonObject agent() {
        return ask("GET", "/agents/" + id).json();
    }

    private Answer ask(String method, String path) {
        return controller.ask(method, "/api/v1" + path, "", "cookie", cookie);
    }

    private Answer enrol(SigningKey key, String name) {
        return VirtualAgent.enrol(controller, token, key, name);
    }
}
