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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent that says more than an agent may.
class FloodTest {

    private static final int POLICY_VIOLATION = 1008;

    /// What it may say at once, and more than it may say besides while it says it.
    private static final int FLOOD = 2_000;

    @Test
    void anAgentThatSaysTooMuchIsDisconnectedAndToldOf(@TempDir Path directory) {
        try (var controller = new RunningController(directory)) {
            String cookie = controller.login(Role.OWNER);
            SigningKey key = SigningKey.generate(new SecureRandom());
            String id = VirtualAgent.enrol(controller, cookie, "{\"role\":\"client\"}", key, "van");
            SocketClient socket = VirtualAgent.connect(controller, key, id);

            for (int i = 0; i < FLOOD && socket.closeCode(0).isEmpty(); i++) {
                socket.trySay("{\"type\":\"of the future\"}");
            }

            assertThat(socket.closeCode(5)).contains(POLICY_VIOLATION);
            eventually(
                    Duration.ofSeconds(10),
                    () -> assertThat(kinds(controller, cookie, id)).containsOnlyOnce("agent.flooding"));
        }
    }

    private static List<String> kinds(RunningController controller, String cookie, String id) {
        JsonObject events = controller
                .ask("GET", "/api/v1/agents/" + id + "/events", "", "cookie", cookie)
                .json();
        return events.objects("items").stream()
                .map(event -> event.textOrDash("kind"))
                .toList();
    }
}
