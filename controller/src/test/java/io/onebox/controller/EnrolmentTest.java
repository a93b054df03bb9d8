package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Enrolling, as an agent and as somebody who is none.
class EnrolmentTest {

    private final SecureRandom random = new SecureRandom();
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
    void theSameAgentMayAskAgainAndUsesNothingUp() {
        EnrolmentToken token = token("{\"role\":\"client\"}");
        SigningKey key = SigningKey.generate(random);

        Answer first = enrol(token, key, "van");
        Answer second = enrol(token, key, "van");

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json().text("agentId")).isEqualTo(first.json().text("agentId"));
    }

    /// Of a token that is good: it is not used up, and what it would give a new agent changes nothing.
    @Test
    void theSameAgentMayComeWithAnotherTokenToo() {
        SigningKey key = SigningKey.generate(random);
        Answer first = enrol(token("{\"role\":\"client\"}"), key, "van");
        EnrolmentToken other = token("{\"role\":\"client\",\"tags\":[\"lte\"],\"approval\":\"manual\"}");

        Answer second = enrol(other, key, "bus");

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(agents()).doesNotContain("lte");
        assertThat(enrol(other, SigningKey.generate(random), "bus").status())
                .as("the token was not used up")
                .isEqualTo(201);
    }

    @Test
    void aTokenForOneIsForOne() {
        EnrolmentToken token = token("{\"role\":\"client\"}");
        enrol(token, SigningKey.generate(random), "van");

        Answer other = enrol(token, SigningKey.generate(random), "bus");

        assertThat(other.status()).isEqualTo(409);
        assertThat(other.json().text("type")).isEqualTo("urn:onebox:problem:token_spent");
        assertThat(agents()).contains("van").doesNotContain("bus");
    }

    @Test
    void anUnknownTokenAndAWrongProofLookAlike() {
        EnrolmentToken token = token("{\"role\":\"client\"}");
        var forged = new EnrolmentToken(
                token.role(),
                false,
                Bytes.of(java.util.HexFormat.of().parseHex(token.id())),
                Bytes.random(random, EnrolmentToken.SECRET_LENGTH),
                token.pin(),
                token.urls());
        var unknown = new EnrolmentToken(
                token.role(),
                false,
                Bytes.random(random, EnrolmentToken.ID_LENGTH),
                Bytes.random(random, EnrolmentToken.SECRET_LENGTH),
                token.pin(),
                token.urls());

        Answer wrongProof = enrol(forged, SigningKey.generate(random), "van");
        Answer unknownToken = enrol(unknown, SigningKey.generate(random), "van");

        assertThat(wrongProof.status()).isEqualTo(403);
        assertThat(unknownToken.response().body())
                .isEqualTo(wrongProof.response().body());
        assertThat(agents()).doesNotContain("van");
    }

    @Test
    void fiveWrongProofsFreezeAToken() {
        EnrolmentToken token = token("{\"role\":\"client\"}");
        var forged = new EnrolmentToken(
                token.role(),
                false,
                Bytes.of(java.util.HexFormat.of().parseHex(token.id())),
                Bytes.random(random, EnrolmentToken.SECRET_LENGTH),
                token.pin(),
                token.urls());
        for (int i = 0; i < 5; i++) {
            enrol(forged, SigningKey.generate(random), "van");
        }

        assertThat(enrol(token, SigningKey.generate(random), "van").json().text("type"))
                .isEqualTo("urn:onebox:problem:token_revoked");
        assertThat(controller
                        .ask("GET", "/api/v1/audit", "", "cookie", cookie)
                        .response()
                        .body())
                .as("once, and with a line of its own")
                .containsOnlyOnce("enrol-token.freeze");
    }

    @Test
    void tenAttemptsAMinuteAreEnough() {
        EnrolmentToken token = token("{\"role\":\"client\",\"uses\":100}");
        SigningKey key = SigningKey.generate(random);
        for (int i = 0; i < 10; i++) {
            assertThat(enrol(token, key, "van").status()).isLessThan(300);
        }

        assertThat(enrol(token, key, "van").status()).isEqualTo(429);
    }

    @Test
    void whoWaitsForApprovalIsActiveOnlyThen() {
        EnrolmentToken token = token("{\"role\":\"client\",\"approval\":\"manual\"}");
        Answer answer = enrol(token, SigningKey.generate(random), "van");
        String path = "/api/v1/agents/" + answer.json().text("agentId");

        assertThat(answer.json().text("state")).isEqualTo("pending");
        assertThat(controller
                        .ask("POST", path + "/approve", "", "cookie", cookie)
                        .json()
                        .text("state"))
                .isEqualTo("active");
        assertThat(controller
                        .ask("POST", path + "/approve", "", "cookie", cookie)
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aRevokedAgentStaysOut() {
        EnrolmentToken token = token("{\"role\":\"client\",\"uses\":2}");
        SigningKey key = SigningKey.generate(random);
        String id = enrol(token, key, "van").json().text("agentId");
        controller.ask("POST", "/api/v1/agents/" + id + "/revoke", "", "cookie", cookie);

        assertThat(enrol(token, key, "van").json().text("type")).isEqualTo("urn:onebox:problem:agent_revoked");
    }

    @Test
    void serversAreReachedWhereTheyCameFromUnlessTheTokenSaysWhere() {
        enrol(token("{\"role\":\"server\"}"), SigningKey.generate(random), "a");
        enrol(
                token("{\"role\":\"server\",\"endpoints\":[\"vpn.example.net:1234\"]}"),
                SigningKey.generate(random),
                "b");

        assertThat(agents()).contains("127.0.0.1:51820", "vpn.example.net:1234");
    }

    /// What the console's types are made from.
    @Test
    void whatIsAnsweredIsWhatTheContractSays() {
        Answer server = enrol(token("{\"role\":\"server\"}"), SigningKey.generate(random), "frankfurt");
        Answer client = enrol(token("{\"role\":\"client\"}"), SigningKey.generate(random), "van");
        String id = client.json().textOrDash("agentId");
        controller.ask("POST", "/api/v1/api-tokens", "{\"scopes\":[\"agents:read\"]}", "cookie", cookie);
        String assignment = "{\"server\":\"%s\"}".formatted(server.json().text("agentId"));
        controller.ask("PUT", "/api/v1/assignments/" + id, assignment, "cookie", cookie);
        Vertx vertx = Vertx.vertx();
        OpenAPIContract contract =
                OpenAPIContract.from(vertx, "io/onebox/controller/openapi.json").await();
        ResponseValidator validator = ResponseValidator.create(vertx, contract);

        List<Operation> reads = contract.operations().stream()
                .filter(operation -> operation.getHttpMethod().equals(HttpMethod.GET))
                .toList();
        assertThat(reads).hasSizeGreaterThan(7).allSatisfy(read -> {
            String path = read.getAbsoluteOpenAPIPath().replace("{id}", id).replace("{revision}", "1");
            Answer answer = controller.ask("GET", path, "", "cookie", cookie);
            Buffer body = Buffer.buffer(answer.response().body());
            validator
                    .validate(
                            ValidatableResponse.create(answer.status(), body, "application/json"),
                            read.getOperationId())
                    .await();
        });
        vertx.close().await();
    }

    private String agents() {
        return controller
                .ask("GET", "/api/v1/agents", "", "cookie", cookie)
                .response()
                .body();
    }

    private EnrolmentToken token(String body) {
        return VirtualAgent.token(controller, cookie, body);
    }

    private Answer enrol(EnrolmentToken token, SigningKey key, String name) {
        return VirtualAgent.enrol(controller, token, key, name);
    }
}
