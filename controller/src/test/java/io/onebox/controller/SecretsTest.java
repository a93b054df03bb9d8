package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.vertx.core.http.HttpMethod;
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
import org.slf4j.LoggerFactory;

/// One secret of each sort is planted and looked for: in everything the API answers, in everything on the disk, and in
/// every line of the log, down to the least.
class SecretsTest {

    @TempDir
    private Path directory;

    private final Map<String, String> planted = new LinkedHashMap<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
    private RunningController controller;
    private String cookie;
    private String agent;

    @BeforeEach
    void plant() {
        log.start();
        root.iteratorForAppenders().forEachRemaining(others::add);
        others.forEach(root::detachAppender);
        root.addAppender(log);
        root.setLevel(Level.TRACE);
        controller = new RunningController(directory);
        planted.put("set-up", controller.controller().setUp().make());
        controller.ask("POST", "/api/v1/set-up", setUp(planted.get("set-up")));
        controller.ask("POST", "/api/v1/session", "{\"login\":\"alice\",\"password\":\"a wrong one to be found\"}");
        planted.put("wrong password", "a wrong one to be found");
        planted.put("other password", RunningController.PASSWORD);
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
        planted.put("agent's key", Bytes.of(key.seed()).toString());
        VirtualAgent.connect(controller, key, agent).next("config");
    }

    private static String setUp(String secret) {
        return "{\"secret\":\"%s\",\"login\":\"mallory\",\"password\":\"a password to be found\"}".formatted(secret);
    }

    @AfterEach
    void stop() {
        controller.close();
        root.setLevel(level);
        root.detachAppender(log);
        others.forEach(root::addAppender);
    }

    @Test
    void noLineOfTheLogHasOne() throws IOException {
        planted.put(
                "master key",
                Files.readString(directory.resolve("state/master.key")).strip());
        assertThat(answers()).isNotEmpty();
        controller.ask("GET", "/api/v1/me", "", "authorization", "Bearer obt1_00000000_" + planted.get("API token"));
        controller.ask("DELETE", "/api/v1/session", "", "cookie", cookie);
        root.detachAppender(log);

        List<String> lines = log.list.stream().map(SecretsTest::text).toList();
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("agent connected"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("DEBUG"));
        planted.forEach((what, secret) ->
                assertThat(lines).as(what).noneSatisfy(line -> assertThat(line).contains(secret)));
    }

    /// All that a line may be made of, whatever its pattern.
    private static String text(ILoggingEvent event) {
        return "%s %s %s %s %s"
                .formatted(
                        event.getLevel(),
                        event.getFormattedMessage(),
                        event.getKeyValuePairs(),
                        event.getMDCPropertyMap(),
                        event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }

    @Test
    void noAnswerTellsOneAgain() {
        Map<String, String> answers = answers();

        assertThat(answers).hasSizeGreaterThan(10);
        answers.forEach((path, answer) -> planted.forEach(
                (what, secret) -> assertThat(answer).as(what + " in " + path).doesNotContain(secret)));
    }

    /// To everything that can be read.
    private Map<String, String> answers() {
        Map<String, String> answers = new LinkedHashMap<>();
        for (Operation read : ContractRequests.operations()) {
            if (read.getHttpMethod().equals(HttpMethod.GET)) {
                String path =
                        read.getAbsoluteOpenAPIPath().replace("{id}", agent).replace("{revision}", "1");
                answers.put(
                        path,
                        controller
                                .ask("GET", path, "", "cookie", cookie)
                                .response()
                                .body());
            }
        }
        answers.put("the metrics", controller.metrics());
        return answers;
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
