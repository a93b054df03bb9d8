package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.vertx.core.http.HttpMethod;
import io.vertx.openapi.contract.Operation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The headers that change what a write does: openapi.json has each where it is understood, and nowhere else.
class HeadersTest {

    private static final List<String> WITHOUT_SESSION = List.of("setUp", "login");

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

    private static List<Operation> writes() {
        return ContractRequests.operations().stream()
                .filter(operation -> !operation.getHttpMethod().equals(HttpMethod.GET))
                .toList();
    }

    private static boolean isDeclared(Operation operation, String header) {
        return operation.getParameters().stream()
                .anyMatch(parameter -> parameter.getName().equals(header) && !parameter.isRequired());
    }

    /// A condition that is not understood would be ignored, and what it guards would be done.
    @Test
    void aConditionIsUnderstoodOrNothingIsDone() {
        try (var agent = new VirtualAgent(controller, cookie, "van")) {
            var requests = new ContractRequests(controller);
            agent.socket().next("config");
            String before = everything(agent);

            assertThat(writes()).hasSizeGreaterThan(20).allSatisfy(write -> {
                Answer answer = requests.ask(
                        write,
                        path -> path.replaceAll("\\{(id|client|login)}", agent.id()),
                        "cookie",
                        cookie,
                        "if-match",
                        "\"another\"");

                if (isDeclared(write, "If-Match")) {
                    assertThat(answer.status()).as(write.getOperationId()).isIn(404, 412);
                } else {
                    assertThat(answer.json().text("type"))
                            .as(write.getOperationId())
                            .isEqualTo("urn:onebox:problem:no_if_match");
                }
            });
            assertThat(everything(agent)).isEqualTo(before);
        }
        assertThat(writes().stream().filter(write -> isDeclared(write, "If-Match")))
                .allSatisfy(
                        write -> assertThat(ContractRequests.permission(write)).isEqualTo("agents:write"))
                .hasSizeGreaterThan(10);
    }

    private static String everything(VirtualAgent agent) {
        StringBuilder all = new StringBuilder();
        for (String path : List.of("/agents/" + agent.id(), "/users", "/webhooks", "/enrol-tokens", "/api-tokens")) {
            all.append(controller
                    .ask("GET", "/api/v1" + path, "", "cookie", cookie)
                    .response()
                    .body());
        }
        return all.toString();
    }

    /// Every POST of somebody, and no other: the rest does the same when it is done again.
    @Test
    void everyPostThatMayBeRepeatedSaysSo() {
        assertThat(writes())
                .allSatisfy(write -> assertThat(isDeclared(write, "Idempotency-Key"))
                        .as(write.getOperationId())
                        .isEqualTo(write.getHttpMethod().equals(HttpMethod.POST)
                                && !WITHOUT_SESSION.contains(write.getOperationId())));
    }

    @Test
    void aKeyIsAnyTextOfOneToAHundredCharacters() {
        for (String key : List.of("8e03978e-40d5-43dd-bc93-6894a57f9324", "\"quoted\"", "123", "x".repeat(100))) {
            Answer first = withKey(key);

            assertThat(first.status()).as(key).isEqualTo(201);
            assertThat(withKey(key).json()).as(key).isEqualTo(first.json());
        }
        assertThat(withKey("x".repeat(101)).status()).isEqualTo(400);
    }

    private static Answer withKey(String key) {
        return controller.ask(
                "POST", "/api/v1/enrol-tokens", "{\"role\":\"client\"}", "cookie", cookie, "idempotency-key", key);
    }
}
