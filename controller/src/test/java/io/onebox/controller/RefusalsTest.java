package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.auth.Role;
import io.onebox.controller.store.AuditLog;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is refused leaves a line in the audit, and no more than one in a while.
class RefusalsTest {

    private static final String SESSION = "/api/v1/session";

    private final SecureRandom random = new SecureRandom();
    private RunningController controller;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void aLoginThatIsClosedIsToldOnce() {
        String body = "{\"login\":\"guessed\",\"password\":\"something else\"}";
        for (int i = 0; i < 9; i++) {
            controller.ask("POST", SESSION, body);
        }

        assertThat(told("login.failed")).hasSize(5);
        assertThat(told("api.refused")).containsExactly("user:guessed 127.0.0.1 login rate_limited");
    }

    @Test
    void aWrongSetUpSecretIsToldOnce() {
        String body = "{\"secret\":\"%s\",\"login\":\"mallory\",\"password\":\"%s\"}"
                .formatted("x".repeat(43), RunningController.PASSWORD);
        controller.ask("POST", "/api/v1/set-up", body);
        controller.ask("POST", "/api/v1/set-up", body);

        assertThat(told("api.refused")).containsExactly("user:mallory 127.0.0.1 setUp set_up_over");
    }

    @Test
    void whoMayNotIsToldOnceForEveryOperation() {
        String cookie = controller.login(Role.VIEWER);
        for (int i = 0; i < 3; i++) {
            controller.ask("GET", "/api/v1/audit", "", "cookie", cookie);
            controller.ask("GET", "/api/v1/users", "", "cookie", cookie);
            controller.ask("DELETE", SESSION, "", "cookie", cookie, "origin", "https://evil.example");
        }

        assertThat(told("api.refused"))
                .containsExactlyInAnyOrder(
                        "user:viewer 127.0.0.1 listAudit forbidden",
                        "user:viewer 127.0.0.1 listUsers forbidden",
                        "nobody 127.0.0.1 logout forbidden_origin");
    }

    @Test
    void whatIsAMistakeIsNotTold() {
        String cookie = controller.login(Role.OWNER);
        controller.ask("GET", "/api/v1/agents", "");
        controller.ask("GET", "/api/v1/agents/0123456789abcdef", "", "cookie", cookie);
        controller.ask("POST", "/api/v1/users", "{}", "cookie", cookie);

        assertThat(told("api.refused")).isEmpty();
    }

    @Test
    void whoIsNotLetInIsToldOnceForEveryReason() {
        String cookie = controller.login(Role.OWNER);
        EnrolmentToken token = VirtualAgent.token(controller, cookie, "{\"role\":\"client\",\"uses\":9}");
        SigningKey key = SigningKey.generate(random);
        String id = VirtualAgent.enrol(controller, token, key, "van").json().textOrDash("agentId");
        EnrolmentToken server = VirtualAgent.token(controller, cookie, "{\"role\":\"server\",\"uses\":9}");
        for (int i = 0; i < 2; i++) {
            VirtualAgent.enrol(controller, server, SigningKey.generate(random), "van");
        }
        controller.ask("POST", "/api/v1/agents/" + id + "/revoke", "", "cookie", cookie);
        for (int i = 0; i < 9; i++) {
            VirtualAgent.enrol(controller, token, key, "van");
        }

        assertThat(told("enrol.refused"))
                .containsExactlyInAnyOrder(
                        "agent:van 127.0.0.1 " + server.id() + " name_conflict",
                        "agent:van 127.0.0.1 " + token.id() + " agent_revoked",
                        "agent:van 127.0.0.1 " + token.id() + " rate_limited");
    }

    @Test
    void guessesAtATokenThatIsFrozenAreNotAllTold() {
        String cookie = controller.login(Role.OWNER);
        EnrolmentToken token = VirtualAgent.token(controller, cookie, "{\"role\":\"client\"}");
        VirtualAgent.enrol(controller, token, SigningKey.generate(random), "van");
        for (int i = 0; i < 9; i++) {
            VirtualAgent.enrol(controller, token, SigningKey.generate(random), "bus");
        }

        assertThat(told("enrol-token.freeze")).hasSize(1);
        assertThat(told("enrol.failed")).as("five until it is frozen, and one").hasSize(6);
    }

    private List<String> told(String action) {
        List<AuditLog.Line> lines =
                controller.controller().database().transaction(connection -> AuditLog.before(connection, 1_000));
        return lines.stream()
                .filter(line -> line.action().equals(action))
                .map(line ->
                        String.join(" ", line.actor().name(), line.actor().address(), line.object(), line.detail()))
                .toList();
    }
}
