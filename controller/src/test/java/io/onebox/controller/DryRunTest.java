package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.JsonObject;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A change that is only tried: what it would do is told, and nothing is done.
class DryRunTest {

    private static final String PREVIEW = "application/vnd.onebox.preview+json";

    private RunningController controller;
    private String cookie;
    private String server;
    private String client;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
        server = enrol("{\"role\":\"server\",\"endpoints\":[\"vpn.example.net:51820\"]}", "frankfurt");
        client = enrol("{\"role\":\"client\"}", "van");
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void saysWhoseConfigurationWouldChangeAndHow() {
        String before = everything();

        Answer trial = attempt("PATCH", "/agents/" + server, "{\"endpoints\":[\"vpn.example.net:443\"]}");

        assertThat(trial.status()).isEqualTo(200);
        assertThat(trial.response().headers().firstValue("preference-applied")).contains("dry-run");
        assertThat(trial.response().headers().firstValue("content-type")).contains(PREVIEW);
        assertThat(trial.json().object("agent").texts("endpoints")).containsExactly("vpn.example.net:443");
        List<JsonObject> configurations = trial.json().objects("configurations");
        assertThat(configurations)
                .extracting(configuration -> configuration.text("name"))
                .containsExactly("frankfurt", "van");
        assertThat(configurations.getFirst().objects("changes")).singleElement().satisfies(change -> {
            assertThat(change.text("path")).isEqualTo("listen.port");
            assertThat(change.text("before")).isEqualTo("51820");
            assertThat(change.text("after")).isEqualTo("443");
        });
        assertThat(configurations.getLast().text("agent")).isEqualTo(client);
        assertThat(configurations.getLast().objects("changes"))
                .extracting(change -> change.text("path"))
                .containsExactly("server.endpoints");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void whatCannotBeDoneCannotBeTriedEither() {
        assertThat(attempt("PATCH", "/agents/" + client, "{\"name\":\"frankfurt\"}")
                        .json()
                        .text("type"))
                .isEqualTo("urn:onebox:problem:name_conflict");
        assertThat(attempt("POST", "/agents/" + client + "/approve", "").status())
                .isEqualTo(409);
        assertThat(attempt("DELETE", "/agents/0123456789abcdef", "").status()).isEqualTo(404);
        Answer changed = controller.ask(
                "POST",
                "/api/v1/agents/" + client + "/disable",
                "",
                "cookie",
                cookie,
                "prefer",
                "dry-run",
                "if-match",
                "\"0000000000000000\"");
        assertThat(changed.status()).isEqualTo(412);
    }

    /// A preference that is not known may be ignored; this one would then be done.
    @Test
    void whatHasNoTrialIsRefusedAndNotDone() {
        String before = everything();

        Answer refused = attempt("POST", "/enrol-tokens", "{\"role\":\"client\"}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().text("type")).isEqualTo("urn:onebox:problem:no_dry_run");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aTrialIsNotRememberedAsAnAnswer() {
        String path = "/api/v1/agents/" + client + "/disable";
        String[] trial = {"cookie", cookie, "idempotency-key", "k1", "prefer", "respond-async, Dry-Run"};

        assertThat(controller
                        .ask("POST", path, "", trial)
                        .json()
                        .object("agent")
                        .text("state"))
                .isEqualTo("disabled");
        assertThat(controller
                        .ask("POST", path, "", "cookie", cookie, "idempotency-key", "k1")
                        .json()
                        .text("state"))
                .isEqualTo("disabled");
        assertThat(everything()).contains("agent.disable");
    }

    @Test
    void everyChangeOfTheFleetCanBeTriedAndAnswersAsTheContractSays() {
        Vertx vertx = Vertx.vertx();
        OpenAPIContract contract =
                OpenAPIContract.from(vertx, "io/onebox/controller/openapi.json").await();
        ResponseValidator validator = ResponseValidator.create(vertx, contract);
        Map<String, String> bodies = Map.of(
                "editAgent", "{\"name\":\"bus\"}",
                "assign", "{\"server\":\"" + server + "\"}",
                "setLink", "{\"role\":\"backup\"}");
        String link = "/api/v1/agents/" + client + "/links/wan0";
        assertThat(controller
                        .ask("PUT", link, "{\"role\":\"secondary\"}", "cookie", cookie)
                        .status())
                .as("what can be taken back")
                .isEqualTo(200);
        String before = everything();

        List<Operation> writes = contract.operations().stream()
                .filter(operation ->
                        "agents:write".equals(operation.getExtensions().get("x-permission")))
                .toList();

        assertThat(writes).hasSizeGreaterThan(10).allSatisfy(write -> {
            String id = write.getOperationId();
            String path = write.getOpenAPIPath()
                    .replace("{id}", client)
                    .replace("{client}", client)
                    .replace("{interface}", "wan0")
                    .replace("{revision}", "1");
            Answer trial = attempt(write.getHttpMethod().name(), path, bodies.getOrDefault(id, ""));
            assertThat(trial.status()).as(id).isIn(200, 409);
            if (trial.status() == 200) {
                Buffer body = Buffer.buffer(trial.response().body());
                validator
                        .validate(ValidatableResponse.create(200, body, PREVIEW), id)
                        .await();
            }
        });
        assertThat(everything()).isEqualTo(before);
        vertx.close().await();
    }

    /// What a change would leave behind.
    private String everything() {
        return controller
                        .ask("GET", "/api/v1/agents", "", "cookie", cookie)
                        .response()
                        .body()
                + controller
                        .ask("GET", "/api/v1/agents/" + client + "/revisions", "", "cookie", cookie)
                        .response()
                        .body()
                + controller
                        .ask("GET", "/api/v1/audit", "", "cookie", cookie)
                        .response()
                        .body();
    }

    private Answer attempt(String method, String path, String body) {
        return controller.ask(method, "/api/v1" + path, body, "cookie", cookie, "prefer", "dry-run");
    }

    private String enrol(String terms, String name) {
        return VirtualAgent.enrol(controller, cookie, terms, SigningKey.generate(new SecureRandom()), name);
    }
}
