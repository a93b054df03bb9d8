package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Permission;
import io.onebox.controller.auth.Role;
import io.vertx.openapi.contract.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The REST API as a program sees it, over TLS.
class ApiTest {

    private static RunningController controller;

    @BeforeAll
    static void start(@TempDir Path directory) {
        controller = new RunningController(directory);
    }

    @AfterAll
    static void stop() {
        controller.close();
    }

    /// Somebody who asks, and what he may do.
    private record Caller(String name, String header, String value, Set<Permission> permissions) {

        /// Sessions are one's own, or those of everybody: with a token one has none.
        boolean mayDo(Operation operation) {
            boolean isOfSessions = operation.getOpenAPIPath().startsWith("/sessions");
            if (isOfSessions && header.equals("authorization")) {
                return permissions.contains(Permission.USERS);
            }
            return Permission.parse(ContractRequests.permission(operation))
                    .map(permissions::contains)
                    .orElse(true);
        }
    }

    private static List<Caller> callers() {
        List<Caller> callers = new ArrayList<>();
        for (Role role : Role.values()) {
            callers.add(new Caller("the role " + role, "cookie", controller.login(role), role.permissions()));
        }
        String owner = callers.getFirst().value();
        for (Permission scope : Permission.values()) {
            String body = "{\"scopes\":[\"%s\"]}".formatted(scope.spelling());
            Answer made = controller.ask("POST", "/api/v1/api-tokens", body, "cookie", owner);
            String bearer = "Bearer " + made.json().text("token");
            callers.add(new Caller("a token for " + scope, "authorization", bearer, Set.of(scope)));
        }
        return callers;
    }

    /// Every operation of openapi.json, as nobody, as every role, with a token of every scope: who may not is told so,
    /// and nothing else; who may is told that there is no such thing.
    @Test
    void everyOperationIsForThoseWhoMay() {
        var requests = new ContractRequests(controller);
        List<Operation> operations = ContractRequests.operations();
        List<Caller> callers = callers();
        List<String> open = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (Operation operation : operations) {
            String id = operation.getOperationId();
            if (ContractRequests.permission(operation).equals("none") || id.equals("logout")) {
                open.add(id);
                continue;
            }
            if (requests.ask(operation).status() != 401) {
                wrong.add(id + " lets nobody in");
            }
            for (Caller caller : callers) {
                int status =
                        requests.ask(operation, caller.header(), caller.value()).status();
                if (!isRight(operation, caller, status)) {
                    wrong.add(id + " as " + caller.name() + ": " + status);
                }
            }
        }

        assertThat(operations).hasSizeGreaterThan(20);
        assertThat(open).as("for whoever comes").containsExactlyInAnyOrder("setUp", "login", "logout");
        assertThat(wrong).isEmpty();
    }

    private static boolean isRight(Operation operation, Caller caller, int status) {
        if (!caller.mayDo(operation)) {
            return status == 403;
        }
        return ContractRequests.isAboutOne(operation) ? status == 404 : status < 500 && status != 401 && status != 403;
    }

    @Test
    void aLoginSaysNothingAboutWhichPartWasWrong() {
        Answer wrongPassword =
                controller.ask("POST", "/api/v1/session", "{\"login\":\"owner\",\"password\":\"something else\"}");
        Answer wrongLogin =
                controller.ask("POST", "/api/v1/session", "{\"login\":\"nobody\",\"password\":\"something else\"}");

        assertThat(wrongPassword.status()).isEqualTo(401);
        assertThat(wrongLogin.response().body())
                .isEqualTo(wrongPassword.response().body());
    }

    @Test
    void afterFivePasswordsOneWaits() {
        String body = "{\"login\":\"guessed\",\"password\":\"something else\"}";
        for (int i = 0; i < 5; i++) {
            assertThat(controller.ask("POST", "/api/v1/session", body).status()).isEqualTo(401);
        }

        assertThat(controller.ask("POST", "/api/v1/session", body).status()).isEqualTo(429);
    }

    @Test
    void aSessionCookieIsForThisSiteAlone() {
        String body = "{\"login\":\"viewer\",\"password\":\"%s\"}".formatted(RunningController.PASSWORD);
        Answer answer = controller.ask("POST", "/api/v1/session", body);

        assertThat(answer.response().headers().firstValue("set-cookie").orElseThrow())
                .startsWith("__Host-onebox=")
                .contains("Path=/", "Secure", "HTTPOnly", "SameSite=Strict");
    }

    @Test
    void anotherSiteCannotUseTheCookie() {
        String cookie = controller.login(Role.OWNER);

        Answer foreign = controller.ask(
                "POST",
                "/api/v1/enrol-tokens",
                "{\"role\":\"client\"}",
                "cookie",
                cookie,
                "origin",
                "https://evil.example");

        assertThat(foreign.status()).isEqualTo(403);
    }

    @Test
    void aSessionEndsWithItsLogout() {
        String cookie = controller.login(Role.VIEWER);
        assertThat(controller.ask("GET", "/api/v1/me", "", "cookie", cookie).status())
                .isEqualTo(200);

        assertThat(controller
                        .ask("DELETE", "/api/v1/session", "", "cookie", cookie)
                        .status())
                .isEqualTo(204);
        assertThat(controller.ask("GET", "/api/v1/me", "", "cookie", cookie).status())
                .isEqualTo(401);
    }

    @Test
    void anApiTokenDoesWhatItsScopesAllow() {
        String cookie = controller.login(Role.OWNER);
        Answer made = controller.ask("POST", "/api/v1/api-tokens", "{\"scopes\":[\"agents:read\"]}", "cookie", cookie);
        String bearer = "Bearer " + made.json().text("token");

        assertThat(made.status()).isEqualTo(201);
        assertThat(controller
                        .ask("GET", "/api/v1/agents", "", "authorization", bearer)
                        .status())
                .isEqualTo(200);
        assertThat(controller
                        .ask("GET", "/api/v1/audit", "", "authorization", bearer)
                        .status())
                .isEqualTo(403);
        String wrong = bearer.substring(0, bearer.length() - 1) + (bearer.endsWith("A") ? "B" : "A");
        assertThat(controller
                        .ask("GET", "/api/v1/agents", "", "authorization", wrong)
                        .status())
                .isEqualTo(401);
        assertThat(controller
                        .ask("GET", "/api/v1/api-tokens", "", "cookie", cookie)
                        .response()
                        .body())
                .doesNotContain(bearer.split("_", 3)[2]);
    }

    @Test
    void whoAsksAgainWithTheSameKeyGetsTheSameAnswer() {
        String cookie = controller.login(Role.OWNER);
        String path = "/api/v1/enrol-tokens";
        String client = "{\"role\":\"client\"}";

        Answer first = controller.ask("POST", path, client, "cookie", cookie, "idempotency-key", "k1");
        Answer again = controller.ask("POST", path, client, "cookie", cookie, "idempotency-key", "k1");
        Answer other = controller.ask("POST", path, "{\"role\":\"server\"}", "cookie", cookie, "idempotency-key", "k1");
        Answer anew = controller.ask("POST", path, client, "cookie", cookie, "idempotency-key", "k2");

        assertThat(again.json()).isEqualTo(first.json());
        assertThat(other.status()).isEqualTo(422);
        assertThat(anew.json().text("id")).isNotEqualTo(first.json().text("id"));
    }

    @Test
    void aChangeIsOfWhatOneHasSeen() {
        String cookie = controller.login(Role.OWNER);
        try (var agent = new VirtualAgent(controller, cookie, "seen")) {
            String path = "/api/v1/agents/" + agent.id();
            String seen = controller
                    .ask("GET", path, "", "cookie", cookie)
                    .response()
                    .headers()
                    .firstValue("etag")
                    .orElseThrow();

            Answer first = controller.ask("PATCH", path, "{\"name\":\"x1\"}", "cookie", cookie, "if-match", seen);
            Answer late = controller.ask("PATCH", path, "{\"name\":\"x2\"}", "cookie", cookie, "if-match", seen);

            assertThat(first.status()).isEqualTo(200);
            assertThat(late.status()).isEqualTo(412);
            assertThat(controller.ask("GET", path, "", "cookie", cookie).json().text("name"))
                    .isEqualTo("x1");
        }
    }

    @Test
    void whatIsNotInTheContractIsRefused() {
        String cookie = controller.login(Role.OWNER);
        for (String body : List.of("{\"role\":\"king\"}", "{}", "[]", "{", "{\"role\":\"client\",\"x\":1}")) {
            Answer answer = controller.ask("POST", "/api/v1/enrol-tokens", body, "cookie", cookie);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.response().headers().firstValue("content-type")).contains("application/problem+json");
        }
        assertThat(controller
                        .ask("GET", "/api/v1/nothing", "", "cookie", cookie)
                        .json()
                        .text("type"))
                .isEqualTo("urn:onebox:problem:not_found");
    }

    @Test
    void theAuditKnowsAndHidesSecrets() {
        String cookie = controller.login(Role.OWNER);
        String token = controller
                .ask("POST", "/api/v1/enrol-tokens", "{\"role\":\"client\"}", "cookie", cookie)
                .json()
                .textOrDash("token");

        Answer audit = controller.ask("GET", "/api/v1/audit", "", "cookie", cookie);

        assertThat(audit.response().body())
                .contains("enrol-token.add", "user:owner")
                .doesNotContain(token, RunningController.PASSWORD);
        assertThat(audit.json().fields().get("firstBroken")).isNull();
    }
}
