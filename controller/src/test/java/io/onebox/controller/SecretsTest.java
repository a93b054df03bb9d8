package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One secret of each sort is planted and looked for: in everything the API answers, and in everything on the disk.
class SecretsTest {

    @TempDir
    private Path directory;

    private final Map<String, String> planted = new LinkedHashMap<>();
    private RunningController controller;
    private String cookie;
    private String agent;

    @BeforeEach
    void plant() {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
        planted.put("session", cookie.substring(cookie.indexOf('=') + 1));
        planted.put("password", "a password to be found");
        ask("POST", "/users", "{\"login\":\"alice\",\"role\":\"viewer\",\"password\":\"a password to be found\"}");
        String bearer = ask("POST", "/api-tokens", "{\"scopes\":[\"agents:read\"]}")
                .json()
                .textOrDash("token");
        planted.put("API token", bearer.split("_", 3)[2]);
        planted.put(
                "webhook",
                ask("POST", "/webhooks", "{\"url\":\"https://hook.example/x\"}")
                        .json()
                        .textOrDash("secret"));
        EnrolmentToken token = VirtualAgent.token(controller, cookie, "{\"role\":\"client\"}");
        planted.put("enrolment token", token.text());
        planted.put("its verifier", token.verifier().toString());
        SigningKey key = SigningKey.generate(new SecureRandom());
        agent = VirtualAgent.enrol(controller, token, key, "van").json().textOrDash("agentId");
        VirtualAgent.connect(controller, key, agent).next("config");
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void noAnswerTellsOneAgain() {
        Vertx vertx = Vertx.vertx();
        List<Operation> reads =
                OpenAPIContract.from(vertx, "io/onebox/controller/openapi.json").await().operations().stream()
                        .filter(operation -> operation.getHttpMethod().equals(HttpMethod.GET))
                        .toList();
        vertx.close().await();

        assertThat(reads).hasSizeGreaterThan(10);
        for (Operation read : reads) {
            String path = read.getAbsoluteOpenAPIPath().replace("{id}", agent).replace("{revision}", "1");
            Answer answer = controller.ask("GET", path, "", "cookie", cookie);
            planted.forEach((what, secret) -> assertThat(answer.response().body())
                    .as(what + " in " + path)
                    .doesNotContain(secret));
        }
        planted.forEach((what, secret) ->
                assertThat(controller.metrics()).as(what + " in the metrics").doesNotContain(secret));
    }

    @Test
    void noneIsOnTheDiskAsItIs() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                planted.forEach((what, secret) -> {
                    boolean isThere = text.contains(secret)
                            || Bytes.parse(secret, 32)
                                    .filter(raw -> text.contains(new String(raw.array(), StandardCharsets.ISO_8859_1)))
                                    .isPresent();
                    if (isThere) {
                        found.add(what + " in " + directory.relativize(file));
                    }
                });
            }
        }

        assertThat(found).isEmpty();
        assertThat(directory.resolve("state")).isDirectoryContaining(file -> Files.isRegularFile(file));
    }

    private Answer ask(String method, String path, String body) {
        Answer answer = controller.ask(method, "/api/v1" + path, body, "cookie", cookie);
        assertThat(answer.status()).as(method + " " + path).isLessThan(300);
        return answer;
    }
}
