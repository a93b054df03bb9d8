package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.auth.Role;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program of the documentation, as it stands there.
class DocumentedStreamTest {

    private static final Path PAGE = Path.of("../docs/reference/api.md");
    private static final Pattern PROGRAM =
            Pattern.compile("```python\\n(import json, os, websocket\\n.*?)```", Pattern.DOTALL);
    /// The one for which `bin/deps` installs.
    private static final String PYTHON = "/usr/bin/python3";

    private static final String PLACE = "wss://controller.example.net:8443";

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
    void readsTheStreamWithAnApiToken(@TempDir Path directory) throws IOException {
        Matcher program = PROGRAM.matcher(Files.readString(PAGE));
        assertThat(program.find()).as("there is a program in " + PAGE).isTrue();
        assertThat(program.group(1)).contains(PLACE);
        Files.writeString(
                directory.resolve("stream.py"),
                program.group(1).replace(PLACE, controller.url().toString().replace("https", "wss")));
        Files.writeString(
                directory.resolve("root.pem"), controller.controller().keys().rootCertificate());
        String body = "{\"scopes\":[\"agents:read\"]}";
        String token = controller
                .ask("POST", "/api/v1/api-tokens", body, "cookie", controller.login(Role.OWNER))
                .json()
                .textOrDash("token");
        var builder = new ProcessBuilder(PYTHON, "stream.py").directory(directory.toFile());
        builder.environment().put("TOKEN", token);
        Process python = builder.redirectErrorStream(true).start();

        try (var lines = new BufferedReader(new InputStreamReader(python.getInputStream(), StandardCharsets.UTF_8))) {
            String first = lines.readLine();
            assertThat(Json.object(first).map(JsonObject::new).map(frame -> frame.text("type")))
                    .as(first)
                    .contains("snap");
        } finally {
            python.destroyForcibly();
        }
    }
}
