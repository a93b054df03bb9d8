package io.onebox.controller.webhook;

import io.onebox.controller.store.Database;
import io.onebox.controller.store.Sql;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.Digests;
import io.onebox.shared.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells webhooks what waits for them in the database. A node takes some deliveries for itself for a while, so that
/// another does not send them too; what is not answered with a 2xx is tried again, later and later, for some hours.
/// Blocks.
public final class Deliveries {

    private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

    private static final int AT_ONCE = 20;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final int MAX_DOUBLINGS = 10;

    /// The last is some three hours after the first.
    static final int MAX_ATTEMPTS = 12;

    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    private static final int FIRST_SUCCESS = 200;
    private static final int LAST_SUCCESS = 299;

    private final Webhooks webhooks;
    private final Database database;
    private final InstantSource clock;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    public Deliveries(Webhooks webhooks, Database database, InstantSource clock) {
        this.webhooks = webhooks;
        this.database = database;
        this.clock = clock;
    }

    /// One event for one webhook.
    private record Delivery(String webhook, long event, int attempts, URI url, String sealed, String body) {}

    /// Sends what is due.
    ///
    /// @return how many were heard
    public int send() {
        List<Delivery> due = take();
        List<CompletableFuture<Boolean>> sent = due.stream().map(this::send).toList();
        int heard = 0;
        for (int i = 0; i < due.size(); i++) {
            if (sent.get(i).join()) {
                forget(due.get(i));
                heard++;
            } else if (due.get(i).attempts() >= MAX_ATTEMPTS) {
                log.atWarn()
                        .addKeyValue("webhook", due.get(i).webhook())
                        .addKeyValue("event", due.get(i).event())
                        .log("a webhook did not answer for hours; it is not told of this event");
                forget(due.get(i));
            }
        }
        return heard;
    }

    /// Takes what is due: it is due again after a pause, unless it is forgotten before.
    private List<Delivery> take() {
        long now = clock.millis();
        return database.transaction(connection -> {
            List<Delivery> due = Sql.list(
                    connection,
                    Deliveries::delivery,
                    "SELECT delivery.webhook, delivery.event, delivery.attempts, webhook.url, webhook.secret,"
                            + " event.time, event.agent, event.kind, event.link, event.detail, node.name"
                            + " FROM delivery JOIN webhook ON webhook.id = delivery.webhook"
                            + " JOIN event ON event.number = delivery.event"
                            + " LEFT JOIN node ON node.id = event.agent"
                            + " WHERE delivery.due <= ? ORDER BY delivery.due, delivery.event LIMIT ?",
                    now,
                    AT_ONCE);
            for (Delivery delivery : due) {
                Sql.update(
                        connection,
                        "UPDATE delivery SET attempts = ?, due = ? WHERE webhook = ? AND event = ?",
                        delivery.attempts(),
                        now + pause(delivery.attempts()).toMillis(),
                        delivery.webhook(),
                        delivery.event());
            }
            return due;
        });
    }

    /// Longer than a request takes, so that nobody else sends it meanwhile.
    private static Duration pause(int attempts) {
        return TIMEOUT.multipliedBy(2).plus(FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, MAX_DOUBLINGS)));
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("number", row.getLong("event"));
        body.put("time", Instant.ofEpochMilli(row.getLong("time")).toString());
        body.put("agent", row.getString("agent"));
        body.put("name", row.getString("name"));
        body.put("kind", row.getString("kind"));
        body.put("link", row.getString("link"));
        body.put("detail", row.getString("detail"));
        return new Delivery(
                row.getString("webhook"),
                row.getLong("event"),
                row.getInt("attempts") + 1,
                URI.create(row.getString("url")),
                row.getString("secret"),
                Json.write(body));
    }

    private CompletableFuture<Boolean> send(Delivery delivery) {
        long seconds = clock.instant().getEpochSecond();
        Bytes secret = webhooks.open(delivery.webhook(), delivery.sealed());
        HttpRequest request = HttpRequest.newBuilder(delivery.url())
                .timeout(TIMEOUT)
                .header("content-type", "application/json")
                .header("onebox-delivery", delivery.webhook() + "-" + delivery.event())
                .header("onebox-signature", "t=" + seconds + ",v1=" + sign(secret, seconds, delivery.body()))
                .POST(BodyPublishers.ofString(delivery.body()))
                .build();
        return client.sendAsync(request, BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode)
                .exceptionally(_ -> 0)
                .thenApply(status -> status >= FIRST_SUCCESS && status <= LAST_SUCCESS);
    }

    /// HMAC-SHA-256 of the time, a dot and the body, in hex: what was overheard is of no use later.
    static String sign(Bytes secret, long seconds, String body) {
        return Digests.hmac(secret, (seconds + "." + body).getBytes(StandardCharsets.UTF_8))
                .hex();
    }

    private void forget(Delivery delivery) {
        database.transaction(connection -> Sql.update(
                connection,
                "DELETE FROM delivery WHERE webhook = ? AND event = ?",
                delivery.webhook(),
                delivery.event()));
    }
}
