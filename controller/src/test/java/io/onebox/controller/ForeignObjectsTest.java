package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.auth.Permission;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.JsonObject;
import io.vertx.openapi.contract.Operation;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is there and belongs to others: an owner's session, API token, webhook, enrolment token, agent and login.
class ForeignObjectsTest {

    /// The lists of everything that an operation may be about.
    private static final List<String> LISTS =
            List.of("/sessions", "/api-tokens", "/webhooks", "/enrol-tokens", "/agents", "/users", "/assignments");

    private RunningController controller;
    private String owner;

    /// One object of each list.
    private final Map<String, String> objects = new HashMap<>();

    @BeforeEach
    void make(@TempDir Path directory) {
        controller = new RunningController(directory);
        owner = controller.login(Role.OWNER);
        VirtualAgent.enrol(controller, owner, "{\"role\":\"server\"}", SigningKey.generate(new SecureRandom()), "a");
        VirtualAgent.enrol(controller, owner, "{\"role\":\"client\"}", SigningKey.generate(new SecureRandom()), "b");
        post("/api-tokens", "{\"scopes\":[\"agents:read\"]}");
        post("/webhooks", "{\"url\":\"https://hook.example/x\"}");
        LISTS.forEach(list -> objects.put(list, names(list).getFirst()));
        objects.put("/users", "owner");
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    /// Every operation about one object, of openapi.json, as every role and with a token of every scope that may not.
    @Test
    void whoMayNotChangesNothingAndSeesNothing() {
        List<String[]> callers = new ArrayList<>();
        for (Role role : Role.values()) {
            callers.add(new String[] {"cookie", controller.login(role), role.name()});
        }
        for (Permission scope : Permission.values()) {
            callers.add(new String[] {"authorization", bearer(scope), scope.name()});
        }
        Map<String, List<String>> before = everything();
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        for (Operation operation : aboutOne()) {
            for (String[] caller :
                    callers.stream().filter(one -> !may(operation, one)).toList()) {
                int status = ask(operation, caller[0], caller[1]);
                boolean isHidden = operation.getOperationId().equals("endSession") && caller[0].equals("cookie");
                if (status != (isHidden ? 404 : 403)) {
                    wrong.add(operation.getOperationId() + " as " + caller[2] + ": " + status);
                }
                tried++;
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(tried).isGreaterThan(100);
        assertThat(everything()).isEqualTo(before);
    }

    private static List<Operation> aboutOne() {
        return ContractRequests.operations().stream()
                .filter(ContractRequests::isAboutOne)
                .toList();
    }

    /// Sessions are one's own, but for those who may manage users.
    private static boolean may(Operation operation, String[] caller) {
        String permission = operation.getOperationId().equals("endSession")
                ? Permission.USERS.spelling()
                : ContractRequests.permission(operation);
        Permission needed = Permission.parse(permission).orElseThrow();
        return caller[0].equals("cookie")
                ? Role.valueOf(caller[2]).permissions().contains(needed)
                : Permission.valueOf(caller[2]) == needed;
    }

    /// An API token belongs to the controller: who may make them takes anybody's back, which gives him nothing.
    @Test
    void anAdminTakesBackTheTokenOfAnother() {
        String admin = controller.login(Role.ADMIN);
        String bearer = bearer(Permission.USERS);
        String id = bearer.split("_", 3)[1];

        assertThat(controller
                        .ask("DELETE", "/api/v1/api-tokens/" + id, "", "cookie", admin)
                        .status())
                .isEqualTo(204);
        assertThat(controller
                        .ask("GET", "/api/v1/users", "", "authorization", bearer)
                        .status())
                .isEqualTo(401);
        assertThat(controller
                        .ask("GET", "/api/v1/audit", "", "cookie", owner)
                        .json()
                        .objects("items"))
                .anySatisfy(line -> {
                    assertThat(line.text("action")).isEqualTo("api-token.remove");
                    assertThat(line.text("actor")).isEqualTo("user:admin");
                    assertThat(line.text("detail")).isEqualTo("login=owner, scopes=users -> none");
                });
    }

    private int ask(Operation operation, String header, String value) {
        String path = operation.getOpenAPIPath();
        String list = path.substring(0, path.indexOf('/', 1));
        return new ContractRequests(controller)
                .ask(operation, asked -> asked.replaceAll("\\{(id|client|login)}", objects.get(list)), header, value)
                .status();
    }

    private Map<String, List<String>> everything() {
        Map<String, List<String>> all = new HashMap<>();
        LISTS.forEach(list -> all.put(list, names(list)));
        all.put(
                "agent",
                List.of(controller
                        .ask("GET", "/api/v1/agents/" + objects.get("/agents"), "", "cookie", owner)
                        .response()
                        .body()));
        return all;
    }

    /// Ids, or what is instead of them.
    private List<String> names(String list) {
        return controller.ask("GET", "/api/v1" + list, "", "cookie", owner).json().objects("items").stream()
                .map(ForeignObjectsTest::name)
                .sorted()
                .toList();
    }

    private static String name(JsonObject item) {
        return item.fields().containsKey("id")
                ? item.textOrDash("id")
                : item.fields().containsKey("login") ? item.textOrDash("login") : item.textOrDash("client");
    }

    private String bearer(Permission scope) {
        return "Bearer "
                + post("/api-tokens", "{\"scopes\":[\"%s\"]}".formatted(scope.spelling()))
                        .textOrDash("token");
    }

    private JsonObject post(String path, String body) {
        return controller.ask("POST", "/api/v1" + path, body, "cookie", owner).json();
    }
}
