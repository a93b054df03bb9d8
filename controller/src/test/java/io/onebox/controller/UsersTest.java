package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users and sessions, as an owner changes them.
class UsersTest {

    private static final String ALICE = "{\"login\":\"alice\",\"role\":\"viewer\",\"password\":\"a long password\"}";

    private RunningController controller;
    private String owner;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        owner = controller.login(Role.OWNER);
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    private Answer ask(String method, String path, String body) {
        return controller.ask(method, "/api/v1" + path, body, "cookie", owner);
    }

    private Answer login(String password) {
        String body = "{\"login\":\"alice\",\"password\":\"%s\"}".formatted(password);
        return controller.ask("POST", "/api/v1/session", body);
    }

    private String cookieOfAlice() {
        return login("a long password")
                .response()
                .headers()
                .firstValue("set-cookie")
                .orElseThrow()
                .replaceFirst(";.*", "");
    }

    @Test
    void aUserIsAddedChangedAndRemoved() {
        assertThat(ask("POST", "/users", ALICE).status()).isEqualTo(201);
        assertThat(ask("POST", "/users", ALICE).json().text("type")).endsWith(":name_conflict");
        assertThat(ask("POST", "/users", ALICE.replace("alice", "bob").replace("a long", "x"))
                        .status())
                .isEqualTo(400);
        String alice = cookieOfAlice();
        String token = "{\"scopes\":[\"agents:read\"]}";
        assertThat(controller
                        .ask("POST", "/api/v1/api-tokens", token, "cookie", alice)
                        .status())
                .isEqualTo(403);

        assertThat(ask("PATCH", "/users/alice", "{\"role\":\"admin\"}").json().text("role"))
                .isEqualTo("admin");
        Answer made = controller.ask("POST", "/api/v1/api-tokens", token, "cookie", alice);
        assertThat(made.status()).isEqualTo(201);
        assertThat(controller.ask("GET", "/api/v1/users", "", "cookie", alice).status())
                .isEqualTo(403);

        assertThat(ask("DELETE", "/users/alice", "").status()).isEqualTo(204);
        assertThat(controller.ask("GET", "/api/v1/me", "", "cookie", alice).status())
                .isEqualTo(401);
        String bearer = "Bearer " + made.json().text("token");
        assertThat(controller
                        .ask("GET", "/api/v1/me", "", "authorization", bearer)
                        .status())
                .isEqualTo(401);
        assertThat(ask("DELETE", "/users/alice", "").status()).isEqualTo(404);
        assertThat(ask("GET", "/audit", "").json().objects("items"))
                .extracting(line -> line.text("action"))
                .contains("user.add", "user.role", "user.remove");
    }

    @Test
    void thereIsAlwaysAnOwner() {
        assertThat(ask("PATCH", "/users/owner", "{\"role\":\"admin\"}").json().text("type"))
                .endsWith(":last_owner");
        assertThat(ask("DELETE", "/users/owner", "").status()).isEqualTo(409);

        assertThat(ask("PATCH", "/users/admin", "{\"role\":\"owner\"}").status())
                .isEqualTo(200);
        assertThat(ask("PATCH", "/users/owner", "{\"role\":\"viewer\"}").status())
                .isEqualTo(200);
        assertThat(ask("GET", "/users", "").status()).isEqualTo(403);
    }

    @Test
    void anotherPasswordEndsAllSessions() {
        ask("POST", "/users", ALICE);
        String alice = cookieOfAlice();

        assertThat(ask("POST", "/users/alice/password", "{\"password\":\"another password\"}")
                        .status())
                .isEqualTo(204);

        assertThat(controller.ask("GET", "/api/v1/me", "", "cookie", alice).status())
                .isEqualTo(401);
        assertThat(login("a long password").status()).isEqualTo(401);
        assertThat(login("another password").status()).isEqualTo(200);
    }

    @Test
    void oneEndsOnesOwnSessionsAndAnOwnerAnybodys() {
        String viewer = controller.login(Role.VIEWER);
        String viewerElsewhere = controller.login(Role.VIEWER);
        var sessions = controller
                .ask("GET", "/api/v1/sessions", "", "cookie", viewer)
                .json()
                .objects("items");
        assertThat(sessions)
                .hasSize(2)
                .allSatisfy(session -> assertThat(session.text("login")).isEqualTo("viewer"));
        String current = id(viewer);
        String elsewhere = id(viewerElsewhere);

        assertThat(end(id(owner), viewer)).isEqualTo(404);
        assertThat(end(elsewhere, viewer)).isEqualTo(204);
        assertThat(controller
                        .ask("GET", "/api/v1/me", "", "cookie", viewerElsewhere)
                        .status())
                .isEqualTo(401);
        assertThat(end(current, owner)).isEqualTo(204);
        assertThat(controller.ask("GET", "/api/v1/me", "", "cookie", viewer).status())
                .isEqualTo(401);
        assertThat(ask("GET", "/sessions", "").json().objects("items")).hasSize(1);
    }

    private String id(String cookie) {
        return controller.ask("GET", "/api/v1/sessions", "", "cookie", cookie).json().objects("items").stream()
                .filter(session -> session.isTrue("current"))
                .map(session -> session.text("id"))
                .findFirst()
                .orElseThrow();
    }

    private int end(String id, String cookie) {
        return controller
                .ask("DELETE", "/api/v1/sessions/" + id, "", "cookie", cookie)
                .status();
    }
}
