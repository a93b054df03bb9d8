package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every write leaves a line that says what was before and what is after.
class AuditTest {

    /// What leaves nothing to compare: who comes and goes, and passwords.
    private static final Set<String> WITHOUT = Set.of("login", "logout", "user.reset-password");

    private RunningController controller;
    private String cookie;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void everyWriteSaysWhatWasAndWhatIs() {
        ask("POST", "/users", "{\"login\":\"alice\",\"role\":\"viewer\",\"password\":\"a long password\"}");
        ask("PATCH", "/users/alice", "{\"role\":\"admin\"}");
        ask("POST", "/users/alice/password", "{\"password\":\"another password\"}");
        ask("DELETE", "/users/alice", "");
        controller.login(Role.VIEWER);
        String session = ask("GET", "/sessions", "").objects("items").stream()
                .filter(each -> !each.isTrue("current"))
                .findFirst()
                .orElseThrow()
                .textOrDash("id");
        ask("DELETE", "/sessions/" + session, "");
        addAndRemove("/api-tokens", "{\"scopes\":[\"agents:read\"]}");
        addAndRemove("/webhooks", "{\"url\":\"https://hook.example/x\"}");
        addAndRemove("/enrol-tokens", "{\"role\":\"client\"}");
        SigningKey key = SigningKey.generate(new SecureRandom());
        String agent = "/agents/" + VirtualAgent.enrol(controller, cookie, "{\"role\":\"client\"}", key, "van");
        ask("PATCH", agent, "{\"name\":\"bus\"}");
        ask("PUT", agent + "/links/eth0", "{\"role\":\"backup\"}");
        ask("DELETE", agent + "/links/eth0", "");
        ask("POST", agent + "/disable", "");
        ask("POST", agent + "/revoke", "");
        ask("DELETE", agent, "");

        List<String> actions = new ArrayList<>();
        for (JsonObject line : ask("GET", "/audit", "").objects("items")) {
            String action = line.textOrDash("action");
            actions.add(action);
            if (!WITHOUT.contains(action)) {
                assertThat(line.textOrDash("detail")).as(action).matches("(?s).+ -> .+");
            }
        }
        assertThat(actions)
                .contains("user.add", "user.role", "user.remove", "session.end", "api-token.add", "api-token.remove")
                .contains("webhook.add", "webhook.remove", "enrol-token.add", "enrol-token.revoke")
                .contains("agent.enrol", "agent.edit", "link.set", "link.unset", "agent.disable", "agent.revoke")
                .contains("agent.delete");
        assertThat(detail("user.role")).isEqualTo("role=viewer -> role=admin");
        assertThat(detail("api-token.remove")).isEqualTo("login=owner, scopes=agents:read -> none");
        assertThat(detail("agent.edit")).isEqualTo("name=van -> name=bus");
    }

    private void addAndRemove(String path, String body) {
        ask("POST", path, body);
        String id = ask("GET", path, "").objects("items").getFirst().textOrDash("id");
        ask("DELETE", path + "/" + id, "");
    }

    private String detail(String action) {
        return ask("GET", "/audit", "").objects("items").stream()
                .filter(line -> action.equals(line.text("action")))
                .findFirst()
                .orElseThrow()
                .textOrDash("detail");
    }

    private JsonObject ask(String method, String path, String body) {
        RunningController.Answer answer = controller.ask(method, "/api/v1" + path, body, "cookie", cookie);
        assertThat(answer.status()).as(method + " " + path).isLessThan(300);
        return answer.json();
    }
}
