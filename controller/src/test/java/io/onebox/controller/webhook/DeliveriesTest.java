package io.onebox.controller.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.onebox.controller.TestDatabase;
import io.onebox.controller.store.Actor;
import io.onebox.controller.store.AuditLog;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.EventLog;
import io.onebox.controller.store.EventLog.Event;
import io.onebox.controller.store.Sql;
import io.onebox.controller.trust.MasterKey;
import io.onebox.controller.trust.StateFiles;
import io.onebox.shared.message.EventKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveriesTest {

    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    private final List<String> signatures = Collections.synchronizedList(new ArrayList<>());
    private volatile int status = 204;
    private Instant now = Instant.parse("2026-11-25T12:00:00Z");
    private HttpServer receiver;
    private Database database;
    private Webhooks webhooks;
    private Deliveries deliveries;
    private Webhooks.Made made;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            signatures.add(exchange.getRequestHeaders().getFirst("onebox-signature"));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
        database = Database.open(TestDatabase.create(directory));
        database.migrate();
        var files = new StateFiles(directory.resolve("state"));
        files.create();
        var random = new SecureRandom();
        webhooks = new Webhooks(database, new AuditLog(() -> now), MasterKey.create(files, random), random, () -> now);
        deliveries = new Deliveries(webhooks, database, () -> now);
        made = webhooks.add(
                Actor.LOCAL,
                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook",
                Set.of(EventKind.LINK_DOWN, EventKind.AGENT_OFFLINE));
    }

    @AfterEach
    void close() {
        receiver.stop(0);
        database.close();
    }

    @Test
    void whoAskedForIsToldOnceAndCanCheckWhoSaysIt() {
        happens(EventKind.LINK_DOWN);
        happens(EventKind.LINK_UP);

        assertThat(deliveries.send()).isEqualTo(1);
        assertThat(deliveries.send()).isZero();

        assertThat(bodies).hasSize(1);
        assertThat(bodies.getFirst()).contains("\"kind\":\"link.down\"", "\"agent\":\"a1\"");
        String signature = Deliveries.sign(made.secret(), now.getEpochSecond(), bodies.getFirst());
        assertThat(signatures).containsExactly("t=" + now.getEpochSecond() + ",v1=" + signature);
    }

    @Test
    void whoDoesNotAnswerIsToldAgainLaterAndNotForEver() {
        status = 500;
        happens(EventKind.AGENT_OFFLINE);

        assertThat(deliveries.send()).isZero();
        deliveries.send();
        assertThat(bodies).as("not before a pause").hasSize(1);

        now = now.plus(Duration.ofMinutes(1));
        status = 200;
        assertThat(deliveries.send()).isEqualTo(1);
        assertThat(bodies).hasSize(2);

        status = 302;
        happens(EventKind.AGENT_OFFLINE);
        for (int i = 0; i < Deliveries.MAX_ATTEMPTS + 3; i++) {
            now = now.plus(Duration.ofHours(2));
            deliveries.send();
        }
        assertThat(bodies).hasSize(2 + Deliveries.MAX_ATTEMPTS);
    }

    @Test
    void whoIsRemovedHearsNothingMore() {
        happens(EventKind.LINK_DOWN);

        assertThat(webhooks.remove(Actor.LOCAL, made.id())).isTrue();

        assertThat(webhooks.remove(Actor.LOCAL, made.id())).isFalse();
        assertThat(deliveries.send()).isZero();
        assertThat(bodies).isEmpty();
    }

    @Test
    void itsSecretIsNotInTheDatabaseAsItIs() {
        String sealed = database.transaction(
                connection -> Sql.one(connection, row -> row.getString(1), "SELECT secret FROM webhook")
                        .orElseThrow());

        assertThat(sealed).doesNotContain(made.secret().toString());
        assertThat(made.toString()).doesNotContain(made.secret().toString());
    }

    @Test
    void itsUrlIsOverTlsOrOnThisMachine() {
        assertThat(Webhooks.isUrl("https://hook.example/x")).isTrue();
        assertThat(Webhooks.isUrl("http://127.0.0.1:8000/x")).isTrue();
        assertThat(Webhooks.isUrl("http://hook.example/x")).isFalse();
        assertThat(Webhooks.isUrl("https://user:password@hook.example/")).isFalse();
        assertThat(Webhooks.isUrl("file:///etc/passwd")).isFalse();
        assertThat(Webhooks.isUrl("https:///x")).isFalse();
    }

    private void happens(EventKind kind) {
        database.transaction(
                connection -> EventLog.append(connection, List.of(new Event(0, now, "a1", kind, "eth0", ""))));
    }
}
