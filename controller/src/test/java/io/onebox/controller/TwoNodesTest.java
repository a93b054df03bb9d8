package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.auth.Role;
import io.onebox.shared.config.DatabaseConfig.PostgresqlServer;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A machine was copied with its keys, and the copies keep out of each other's way: each goes to the other node.
@Tag("system")
class TwoNodesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private RunningController first;
    private RunningController second;
    private String cookie;
    private String id;

    @BeforeEach
    void start(@TempDir Path directory) {
        PostgresqlServer database = TestDatabase.postgresql();
        first = RunningController.firstNode(directory.resolve("first"), database);
        second = first.joinedBy(directory.resolve("second"), database);
        cookie = first.login(Role.OWNER);
        id = VirtualAgent.enrol(first, cookie, "{\"role\":\"client\"}", key, "van");
    }

    @AfterEach
    void stop() {
        second.close();
        first.close();
    }

    @Test
    void twoMachinesThatAreNeverTwiceOnOneNodeAreTold() {
        SocketClient one = connect(first, "one");
        try (SocketClient other = connect(second, "other")) {
            assertThat(one.closeCode(20)).as("the newest stays").contains(1008);
            assertThat(isDuplicate(first)).as("it may have been started anew").isFalse();

            SocketClient back = connect(first, "one");

            assertThat(other.closeCode(20)).contains(1008);
            assertAreTold();
            back.close();
            eventually(
                    PATIENCE,
                    () -> assertThat(isDuplicate(first) || isDuplicate(second)).isFalse());
        }
    }

    private void assertAreTold() {
        for (RunningController node : List.of(first, second)) {
            eventually(PATIENCE, () -> assertThat(isDuplicate(node)).isTrue());
            eventually(
                    PATIENCE,
                    () -> assertThat(ask(node, "/events").objects("items"))
                            .extracting(event -> event.textOrDash("kind"))
                            .containsOnlyOnce("agent.duplicate"));
        }
    }

    private SocketClient connect(RunningController node, String start) {
        return VirtualAgent.connect(node, key, id, start);
    }

    private boolean isDuplicate(RunningController node) {
        return ask(node, "").isTrue("duplicate");
    }

    private JsonObject ask(RunningController node, String path) {
        return node.ask("GET", "/api/v1/agents/" + id + path, "", "cookie", cookie)
                .json();
    }
}
