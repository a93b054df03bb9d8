package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.EventKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens to a real agent reaches a program of somebody's, over HTTP.
class WebhookTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<JsonObject> heard = new CopyOnWriteArrayList<>();
    private HttpServer receiver;
    private RunningController controller;
    private String cookie;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            heard.add(new JsonObject(Json.object(body).orElseThrow()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
        String hook = "{\"url\":\"http://127.0.0.1:%d/hook\"}"
                .formatted(receiver.getAddress().getPort());
        assertThat(controller
                        .ask("POST", "/api/v1/webhooks", hook, "cookie", cookie)
                        .status())
                .isEqualTo(201);
    }

    @AfterEach
    void stop() {
        controller.close();
        receiver.stop(0);
    }

    /// The two kinds that a webhook is told of unless it says otherwise.
    @Test
    void aLinkThatGoesDownAndAnAgentThatGoesAreTold() {
        try (VirtualAgent agent = new VirtualAgent(controller, cookie, "van")) {
            agent.say(new AgentMessage.Event(EventKind.LINK_DOWN, "wwan0", "wwan0 is silent", 0));

            eventually(PATIENCE, () -> assertThat(heard).hasSize(1));
            assertThat(told(0)).containsExactly(agent.id(), "van", "link.down", "wwan0", "wwan0 is silent");

            agent.socket().close();

            eventually(PATIENCE, () -> assertThat(heard).hasSize(2));
            assertThat(told(1)).containsExactly(agent.id(), "van", "agent.offline", "", "");
        }
    }

    private List<String> told(int index) {
        JsonObject body = heard.get(index);
        return List.of("agent", "name", "kind", "link", "detail").stream()
                .map(body::textOrDash)
                .toList();
    }
}
