package io.onebox.agent.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.api.Dashboard;
import io.onebox.agent.api.MemoryAgent;
import io.onebox.agent.status.Readings;
import io.onebox.shared.config.HostPort;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The dashboard as browsers ask for it: ours, and one that somebody else's page has sent here.
@ExtendWith(VertxExtension.class)
class DashboardVerticleTest {

    private static final String BROWSER = "text/html,*/*;q=0.8";

    private final MemoryAgent agent = new MemoryAgent(Readings.client());
    private HttpClient http;
    private int port;

    @BeforeEach
    void deploy(Vertx vertx) {
        // Port 0 is any that is free.
        var verticle = new DashboardVerticle(new HostPort("127.0.0.1", 0), agent);
        vertx.deployVerticle(verticle).await();
        port = verticle.port();
        http = vertx.createHttpClient();
    }

    private HttpClientResponse ask(HttpMethod method, String path, Map<String, String> headers) {
        var options = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setMethod(method)
                .setURI(path);
        headers.forEach(options::putHeader);
        return http.request(options)
                .compose(request -> request.send())
                .compose(response -> response.body().map(response))
                .await();
    }

    private int status(String path, String... headers) {
        return ask(HttpMethod.GET, path, headers.length == 0 ? Map.of() : Map.of(headers[0], headers[1]))
                .statusCode();
    }

    @Test
    void showsItsPageAndWhatTheAgentSaysUnderAStrictPolicy() {
        HttpClientResponse page = ask(HttpMethod.GET, "/", Map.of("accept", BROWSER));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.getHeader("content-type")).startsWith("text/html");
        assertThat(page.getHeader("content-security-policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        HttpClientResponse status = ask(HttpMethod.GET, "/v1/status", Map.of("sec-fetch-site", "same-origin"));
        assertThat(status.statusCode()).isEqualTo(200);
        assertThat(status.body().await().toString()).contains("\"schema\":\"onebox.status/1\"");
        assertThat(status.getHeader("cache-control")).isEqualTo("no-store");
        assertThat(status.getHeader("access-control-allow-origin")).isNull();
        assertThat(status("/v1/stats?last=2")).isEqualTo(200);
    }

    @Test
    void aNameOfSomebodyElseThatLeadsHereIsRefused() {
        for (String host :
                List.of("evil.example:" + port, "127.0.0.1:1", "127.0.0.1", "localhost.evil.example:" + port)) {
            assertThat(status("/v1/status", "host", host)).as(host).isEqualTo(403);
            assertThat(ask(HttpMethod.GET, "/", Map.of("accept", BROWSER, "host", host))
                            .statusCode())
                    .as(host)
                    .isEqualTo(403);
        }
        assertThat(status("/v1/status", "host", "localhost:" + port)).isEqualTo(200);
        assertThat(status("/v1/status", "host", "[::1]:" + port)).isEqualTo(200);
    }

    @Test
    void pagesOfOthersAreToldNothing() {
        assertThat(status("/v1/status", "origin", "https://evil.example")).isEqualTo(403);
        assertThat(status("/v1/status", "origin", "null")).isEqualTo(403);
        assertThat(status("/v1/status", "origin", "http://127.0.0.1:1")).isEqualTo(403);
        assertThat(status("/v1/status", "sec-fetch-site", "cross-site")).isEqualTo(403);
        assertThat(status("/v1/status", "sec-fetch-site", "same-site")).isEqualTo(403);
        assertThat(status("/v1/status", "origin", "http://127.0.0.1:" + port)).isEqualTo(200);
        assertThat(ask(HttpMethod.GET, "/", Map.of("accept", BROWSER, "sec-fetch-site", "cross-site"))
                        .statusCode())
                .as("somebody has followed a link")
                .isEqualTo(200);
    }

    @Test
    void nothingCanBeChangedOrReadBeyondWhatItShows() {
        for (String path : List.of("/v1/up", "/v1/down", "/v1/reload", "/v1/links/eth0", "/v1/status", "/")) {
            assertThat(ask(HttpMethod.POST, path, Map.of()).statusCode())
                    .as(path)
                    .isBetween(400, 499);
        }
        for (String path : List.of("/v1/config", "/v1/links", "/v1/stats/stream", "/nothing", "/assets/../files")) {
            assertThat(ask(HttpMethod.GET, path, Map.of("accept", BROWSER)).statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(agent.told).isEmpty();
    }

    @Test
    void theAddressThatIsConfiguredIsOneOfItsNames() {
        assertThat(Dashboard.hosts(new HostPort("127.0.0.5", 9585), 9585))
                .accepts(new HostPort("127.0.0.5", 9585), new HostPort("localhost", 9585))
                .rejects(new HostPort("127.0.0.6", 9585), new HostPort("127.0.0.5", 9586));
    }
}
