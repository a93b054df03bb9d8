package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A machine was copied with its keys.
class DuplicateTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private RunningController controller;
    private String cookie;
    private String id;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.VIEWER);
        String owner = controller.login(Role.OWNER);
        id = VirtualAgent.enrol(controller, owner, "{\"role\":\"client\"}", key, "van");
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void twoMachinesWithOneIdentityAreTold() {
        connect("one");
        SocketClient other = connect("other");
        assertThat(ask("").isTrue("duplicate"))
                .as("it may have been started anew")
                .isFalse();

        SocketClient newest = connect("one");

        assertThat(other.closeCode(5)).as("the newest stays").contains(1008);
        assertThat(newest.closeCode(0)).isEmpty();
        assertThat(ask("").isTrue("duplicate")).isTrue();
        eventually(PATIENCE, () -> assertThat(kinds()).containsOnlyOnce("agent.duplicate"));
        newest.close();
        eventually(PATIENCE, () -> assertThat(ask("").isTrue("duplicate")).isFalse());
    }

    private SocketClient connect(String start) {
        return VirtualAgent.connect(controller, key, id, start);
    }

    private List<String> kinds() {
        return ask("/events").objects("items").stream()
                .map(event -> event.textOrDash("kind"))
                .toList();
    }

    private JsonObject ask(String path) {
        return controller
                .ask("GET", "/api/v1/agents/" + id + path, "", "cookie", cookie)
                .json();
    }
}
