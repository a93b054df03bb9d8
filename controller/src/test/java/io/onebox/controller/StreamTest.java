package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.controller.auth.Role;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.EventKind;
import io.onebox.shared.message.LinkStats;
import io.onebox.shared.message.LinkUse;
import io.vertx.core.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What agents tell, as one reads it: on the stream and by REST.
class StreamTest {

    private static final String STREAM = "/api/v1/stream";
    private static final String SUBPROTOCOL = "onebox.stream.v1";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private RunningController controller;
    private String cookie;
    private VirtualAgent agent;
    private SocketClient stream;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
        agent = new VirtualAgent(controller, cookie, "van");
        stream = controller.connect(STREAM, SUBPROTOCOL, "cookie", cookie);
    }

    @AfterEach
    void stop() {
        stream.close();
        agent.close();
        controller.close();
    }

    @Test
    void aSnapshotThenWhatChanges() {
        stream.say("{\"type\":\"sub\",\"id\":1,\"topic\":\"agents\"}");
        JsonObject snap = stream.next();
        agent.say(new AgentMessage.Stats(10, List.of(link("eth0", 8e6), link("wwan0", 1e6))));
        JsonObject delta = stream.next("delta");

        assertThat(snap.text("type")).isEqualTo("snap");
        assertThat(snap.integer("seq")).isEqualTo(1);
        assertThat(snap.object("data").objects("items"))
                .singleElement()
                .satisfies(item -> assertThat(item.isTrue("connected")).isTrue());
        assertThat(delta.integer("seq")).isEqualTo(2);
        assertThat(delta.object("data").object("traffic").integer("rxBitsPerSecond"))
                .isEqualTo(9_000_000);
    }

    @Test
    void aLinkThatShouldCarryAndCannotIsInTheSummaryOfItsAgent() {
        stream.say("{\"type\":\"sub\",\"id\":1,\"topic\":\"agents\"}");
        stream.next("snap");

        agent.say(new AgentMessage.Stats(
                10,
                List.of(
                        used("eth0", "usable", "always", false),
                        used("eth1", "validating", "always", false),
                        used("wwan0", "down", "backup", false),
                        used("wwan1", "closed", "never", false),
                        used("wwan2", "closed", "always", true))));

        assertThat(stream.next("delta").object("data").object("traffic").objects("linksDown"))
                .singleElement()
                .satisfies(link -> {
                    assertThat(link.text("name")).isEqualTo("wwan0");
                    assertThat(link.text("reason")).isEqualTo("no carrier");
                });
    }

    private static LinkStats used(String name, String state, String role, boolean isPaused) {
        var unknown = new LinkUse.Rates(null, null);
        var use = new LinkUse(role, false, isPaused, unknown, unknown, null, "no carrier");
        return new LinkStats(name, state, 0, 0, null, null, null, use);
    }

    @Test
    void whoIsWatchedSpeaksEachSecond() {
        agent.say(new AgentMessage.Stats(10, List.of(link("eth0", 8e6))));
        stream.say("{\"type\":\"sub\",\"id\":7,\"topic\":\"agent/%s/live\"}".formatted(agent.id()));
        stream.next("snap");

        assertThat(agent.socket().next("watch").integer("seconds")).isEqualTo(30);
        agent.say(new AgentMessage.Stats(1, List.of(link("eth0", 5e6))));
        JsonObject delta = stream.next("delta");
        while (delta.object("data").integer("seconds") != 1) {
            delta = stream.next("delta");
        }
        assertThat(delta.object("data").objects("links"))
                .singleElement()
                .satisfies(link -> assertThat(link.integer("rxBitsPerSecond")).isEqualTo(5_000_000));
        assertThat(agent.socket().next("watch").integer("seconds"))
                .as("asked again before it ends")
                .isEqualTo(30);
    }

    @Test
    void eventsAreToldAndKept() {
        stream.say("{\"type\":\"sub\",\"id\":1,\"topic\":\"agent/%s/events\"}".formatted(agent.id()));
        stream.next("snap");

        agent.say(new AgentMessage.Event(EventKind.LINK_DOWN, "wwan0", "wwan0 is silent", 3));

        JsonObject delta = stream.next("delta");
        while (!"link.down".equals(delta.object("data").text("kind"))) {
            delta = stream.next("delta");
        }
        assertThat(delta.object("data").text("detail")).isEqualTo("wwan0 is silent");
        assertThat(ask("/events").objects("items"))
                .extracting(event -> event.text("kind"))
                .containsExactly("link.down", "agent.online");
    }

    @Test
    void historyIsAsOneAsksForIt() {
        agent.say(new AgentMessage.Stats(10, List.of(link("eth0", 8e6), link("wwan0", 1e6))));

        eventually(
                PATIENCE,
                () -> assertThat(ask("/stats?link=wwan0").objects("links"))
                        .singleElement()
                        .satisfies(link -> {
                            assertThat(link.integer("stepSeconds")).isEqualTo(10);
                            assertThat(link.fields().get("rows").toString()).contains("1000000");
                        }));
        assertThat(ask("/stats").objects("links")).hasSize(2);
        assertThat(ask("/stats?step=60").objects("links"))
                .extracting(link -> link.integer("stepSeconds"))
                .containsOnly(60L);
        assertThat(controller
                        .ask("GET", "/api/v1/agents/" + agent.id() + "/stats?from=yesterday", "", "cookie", cookie)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aSlowReaderGetsAGapAndStartsAfresh() {
        List<JsonObject> read = new CopyOnWriteArrayList<>();
        WebSocket slow = controller.connectSlowly(STREAM, SUBPROTOCOL, cookie);
        slow.textMessageHandler(
                text -> read.add(new JsonObject(Json.object(text).orElseThrow())));
        slow.writeTextMessage("{\"type\":\"sub\",\"id\":1,\"topic\":\"agents\"}")
                .await();
        eventually(PATIENCE, () -> assertThat(read).hasSize(1));

        slow.pause();
        String large = "\"" + "x".repeat(20_000) + "\"";
        for (int i = 0; i < 2000; i++) {
            controller.eventBus().publish("onebox.stream.agents", large);
        }
        eventually(PATIENCE, () -> assertThat(controller.metrics()).contains("onebox_controller_stream_missed_total"));
        slow.resume();

        eventually(
                PATIENCE,
                () -> assertThat(read)
                        .extracting(message -> message.text("type"))
                        .containsSubsequence("snap", "delta", "gap", "snap"));
        assertThat(read).hasSizeLessThan(2000);
        assertThat(read)
                .extracting(message -> message.integer("seq"))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void theStreamEndsWithTheSession() {
        controller.ask("DELETE", "/api/v1/session", "", "cookie", cookie);

        assertThat(stream.closeCode(8)).contains(1008);
    }

    /// A stream is looked at every four seconds: one wait for all.
    @Test
    void theStreamEndsWithTheTokenAndWithTheUser() {
        ask("POST", "/users", "{\"login\":\"alice\",\"role\":\"admin\",\"password\":\"a long password\"}");
        String alice = login("a long password");
        String bearer = bearer("agents:read");
        try (SocketClient withToken = controller.connect(STREAM, SUBPROTOCOL, "authorization", bearer);
                SocketClient ofAlice = controller.connect(STREAM, SUBPROTOCOL, "cookie", alice)) {
            ask("DELETE", "/api-tokens/" + bearer.split("_", 3)[1], "");
            ask("DELETE", "/users/alice", "");

            assertThat(withToken.closeCode(8)).contains(1008);
            assertThat(ofAlice.closeCode(8)).contains(1008);
        }
        assertThat(stream.closeCode(0)).as("the owner is still there").isEmpty();
        assertThat(controller.metrics())
                .contains("onebox_controller_stream_refused_total{code=\"unauthenticated\"} 2.0");
    }

    /// Every role may look on: there is no role with which a stream has to end.
    @Test
    void aStreamGoesOnWithAnotherRole() {
        String admin = controller.login(Role.ADMIN);
        try (SocketClient mine = controller.connect(STREAM, SUBPROTOCOL, "cookie", admin)) {
            ask("PATCH", "/users/admin", "{\"role\":\"viewer\"}");

            mine.say("{\"type\":\"sub\",\"id\":1,\"topic\":\"agents\"}");

            assertThat(mine.next().text("type")).isEqualTo("snap");
        }
    }

    private String login(String password) {
        String body = "{\"login\":\"alice\",\"password\":\"%s\"}".formatted(password);
        return controller
                .ask("POST", "/api/v1/session", body)
                .response()
                .headers()
                .firstValue("set-cookie")
                .orElseThrow()
                .replaceFirst(";.*", "");
    }

    private void ask(String method, String path, String body) {
        assertThat(controller
                        .ask(method, "/api/v1" + path, body, "cookie", cookie)
                        .status())
                .as(method + " " + path)
                .isLessThan(300);
    }

    @Test
    void anApiTokenOpensTheStreamAndItsScopesHold() {
        String reading = bearer("agents:read");
        try (SocketClient mine = controller.connect(STREAM, SUBPROTOCOL, "authorization", reading)) {
            mine.say("{\"type\":\"sub\",\"id\":1,\"topic\":\"agents\"}");
            assertThat(mine.next().text("type")).isEqualTo("snap");
        }
        String other = bearer("audit:read");
        try (SocketClient mine = controller.connect(STREAM, SUBPROTOCOL, "authorization", other)) {
            mine.say("{\"type\":\"sub\",\"id\":1,\"topic\":\"agents\"}");
            assertThat(mine.next().text("code")).isEqualTo("forbidden");
        }
    }

    @Test
    void whoIsNobodyOrComesFromElsewhereIsNotLetIn() {
        assertThat(refusal(SUBPROTOCOL)).isEqualTo(401);
        assertThat(refusal(SUBPROTOCOL, "cookie", "__Host-onebox=guessed")).isEqualTo(401);
        assertThat(refusal(SUBPROTOCOL, "cookie", cookie, "origin", "https://evil.example"))
                .isEqualTo(403);
        assertThat(refusal("chat", "cookie", cookie)).isEqualTo(400);
        assertThat(controller.metrics())
                .contains(
                        "onebox_controller_stream_refused_total{code=\"unauthenticated\"} 2.0",
                        "onebox_controller_stream_refused_total{code=\"forbidden_origin\"} 1.0",
                        "onebox_controller_stream_refused_total{code=\"bad_request\"} 1.0");
    }

    private int refusal(String subprotocol, String... headers) {
        var status = new int[1];
        assertThatThrownBy(() -> controller.connect(STREAM, subprotocol, headers))
                .hasCauseInstanceOf(WebSocketHandshakeException.class)
                .satisfies(failure -> status[0] = ((WebSocketHandshakeException) failure.getCause())
                        .getResponse()
                        .statusCode());
        return status[0];
    }

    @Test
    void metricsAndHealthSayHowItIs() {
        assertThat(controller.ask("GET", "/health/ready", "").response().body()).isEqualTo("ready\n");
        assertThat(controller.metrics())
                .contains(
                        "onebox_controller_agents_connected 1.0",
                        "onebox_controller_agents{state=\"active\"} 1.0",
                        "onebox_controller_enrolments_total{result=\"enrolled\"} 1.0",
                        "onebox_controller_logins_total{result=\"right\"} 1.0");
    }

    @Test
    void whatIsNotThereIsSaidSo() {
        stream.say("{\"type\":\"sub\",\"id\":1,\"topic\":\"weather\"}");
        assertThat(stream.next().text("code")).isEqualTo("bad_request");
        stream.say("{\"type\":\"sub\",\"id\":2,\"topic\":\"agent/0123456789abcdef/live\"}");
        assertThat(stream.next().text("code")).isEqualTo("not_found");
        stream.say("{\"type\":\"unsub\",\"id\":3}");
        assertThat(stream.next().text("code")).isEqualTo("not_found");
        stream.say("not json");
        assertThat(stream.closeCode(5)).contains(1008);
        assertThat(controller.metrics())
                .contains(
                        "onebox_controller_stream_refused_total{code=\"not_found\"} 2.0",
                        "onebox_controller_stream_refused_total{code=\"malformed\"} 1.0");
    }

    private String bearer(String scope) {
        String body = "{\"scopes\":[\"%s\"]}".formatted(scope);
        return "Bearer "
                + controller
                        .ask("POST", "/api/v1/api-tokens", body, "cookie", cookie)
                        .json()
                        .text("token");
    }

    private JsonObject ask(String path) {
        return controller
                .ask("GET", "/api/v1/agents/" + agent.id() + path, "", "cookie", cookie)
                .json();
    }

    private static LinkStats link(String name, double rx) {
        return new LinkStats(name, "usable", rx, 1e5, new LinkStats.Rtt(0.01, 0.02, 0.03), 0.001, null, null);
    }
}
