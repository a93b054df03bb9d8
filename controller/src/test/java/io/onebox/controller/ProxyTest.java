package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.message.Protocol;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A controller behind a proxy that ends TLS; the test is the proxy.
class ProxyTest {

    @TempDir
    private Path directory;

    private RunningController controller;

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void agentsAndConsolesComeThrough() {
        start("127.0.0.0/8");
        String cookie = controller.login(Role.OWNER);
        EnrolmentToken token = VirtualAgent.token(controller, cookie, "{\"role\":\"client\"}");

        assertThat(token.isBehindProxy()).isTrue();
        assertThat(token.urls()).hasToString("[https://controller.example.net]");
        try (var agent = new VirtualAgent(controller, cookie, "van");
                SocketClient stream = controller.connect("/api/v1/stream", "onebox.stream.v1", "cookie", cookie)) {
            assertThat(controller
                            .ask("GET", "/api/v1/agents/" + agent.id(), "", "cookie", cookie)
                            .response()
                            .body())
                    .contains("\"connected\":true");
            stream.say("{\"type\":\"sub\",\"id\":1,\"topic\":\"agents\"}");
            assertThat(stream.next().text("type")).isEqualTo("snap");
        }
    }

    /// Passwords are guessed, and tokens used, from where the proxy says.
    @Test
    void theAddressIsTheOneTheProxySays() {
        start("127.0.0.0/8");
        String cookie = controller.login(Role.OWNER);
        String wrong = "{\"login\":\"admin\",\"password\":\"wrong wrong wrong\"}";
        for (int i = 0; i < 5; i++) {
            controller.ask("POST", "/api/v1/session", wrong, "x-forwarded-for", "203.0.113.7");
        }
        EnrolmentToken bound =
                VirtualAgent.token(controller, cookie, "{\"role\":\"client\",\"networks\":[\"192.0.2.0/24\"]}");

        assertThat(login("203.0.113.7").status()).isEqualTo(429);
        assertThat(login("198.51.100.1, 203.0.113.7").status())
                .as("what stood before")
                .isEqualTo(429);
        assertThat(login("203.0.113.8").status()).isEqualTo(200);
        assertThat(VirtualAgent.enrol(controller, bound, SigningKey.generate(new SecureRandom()), "van")
                        .json()
                        .text("detail"))
                .contains("127.0.0.1");
        assertThat(controller
                        .ask("GET", "/api/v1/audit", "", "cookie", cookie)
                        .response()
                        .body())
                .contains("203.0.113.7");
    }

    @Test
    void whoIsNoProxyIsToldNothing() {
        start("192.0.2.0/24");

        assertThat(controller.ask("GET", "/health/ready", "").status()).isEqualTo(200);
        for (String path : List.of("/api/v1/me", "/", Protocol.HELLO_PATH)) {
            assertThat(controller
                            .ask("GET", path, "", "x-forwarded-for", "192.0.2.7")
                            .status())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThatThrownBy(() -> controller.connect("/api/v1/stream", "onebox.stream.v1"))
                .isInstanceOf(CompletionException.class);
    }

    private void start(String proxies) {
        String http = """
                tls = "proxy"
                public-urls = ["https://controller.example.net"]
                trusted-proxies = ["%s"]
                """.formatted(proxies);
        controller = new RunningController(directory, http);
    }

    private Answer login(String from) {
        String right = "{\"login\":\"admin\",\"password\":\"%s\"}".formatted(RunningController.PASSWORD);
        return controller.ask("POST", "/api/v1/session", right, "x-forwarded-for", from);
    }
}
