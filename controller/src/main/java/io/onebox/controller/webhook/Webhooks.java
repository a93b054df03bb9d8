package io.onebox.controller.webhook;

import io.onebox.controller.store.Actor;
import io.onebox.controller.store.AuditLog;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.Sql;
import io.onebox.controller.trust.MasterKey;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.message.EventKind;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who is told of which events. Blocks.
public final class Webhooks {

    /// Each costs a request for every event.
    public static final int MAX_WEBHOOKS = 20;

    private static final int ID_LENGTH = 8;
    private static final int SECRET_LENGTH = 32;
    private static final String OWN_MACHINE = "127.0.0.1";

    private final Database database;
    private final AuditLog audit;
    private final MasterKey master;
    private final SecureRandom random;
    private final InstantSource clock;

    public Webhooks(Database database, AuditLog audit, MasterKey master, SecureRandom random, InstantSource clock) {
        this.database = database;
        this.audit = audit;
        this.master = master;
        this.random = random;
        this.clock = clock;
    }

    /// A webhook as it is listed.
    public record Webhook(String id, String url, List<String> kinds, Instant created, String author) {
        public Webhook {
            kinds = List.copyOf(kinds);
        }
    }

    /// A new one.
    ///
    /// @param secret signs what it is sent; shown once
    public record Made(String id, Bytes secret) {
        @Override
        public String toString() {
            return "Made[" + id + "]";
        }
    }

    /// Whether a webhook may have this URL: over TLS, or on the controller's own machine.
    public static boolean isUrl(String text) {
        try {
            URI url = new URI(text);
            boolean isPlain = "http".equals(url.getScheme()) && OWN_MACHINE.equals(url.getHost());
            return url.getHost() != null && url.getUserInfo() == null && (isPlain || "https".equals(url.getScheme()));
        } catch (URISyntaxException _) {
            return false;
        }
    }

    /// Adds one.
    ///
    /// @throws IllegalStateException if there are as many as there may be
    public Made add(Actor actor, String url, Set<EventKind> kinds) {
        var made = new Made(Bytes.random(random, ID_LENGTH).hex(), Bytes.random(random, SECRET_LENGTH));
        database.transaction(connection -> {
            if (list(connection).size() >= MAX_WEBHOOKS) {
                throw new IllegalStateException("there are " + MAX_WEBHOOKS + " webhooks already");
            }
            Sql.update(
                    connection,
                    "INSERT INTO webhook (id, url, secret, created, author) VALUES (?, ?, ?, ?, ?)",
                    made.id(),
                    url,
                    master.seal(sealName(made.id()), made.secret().array()),
                    clock.millis(),
                    actor.name());
            for (EventKind kind : kinds) {
                Sql.update(
                        connection,
                        "INSERT INTO webhook_kind (webhook, kind) VALUES (?, ?)",
                        made.id(),
                        kind.spelling());
            }
            audit.append(connection, actor, "webhook.add", made.id(), "none -> url=" + url);
            return true;
        });
        return made;
    }

    /// All of them.
    public List<Webhook> list() {
        return database.transaction(Webhooks::list);
    }

    private static List<Webhook> list(Connection connection) throws SQLException {
        List<Webhook> all = new ArrayList<>();
        for (Webhook found : Sql.list(connection, Webhooks::webhook, "SELECT * FROM webhook ORDER BY created, id")) {
            List<String> kinds = Sql.list(
                    connection,
                    row -> row.getString("kind"),
                    "SELECT kind FROM webhook_kind WHERE webhook = ? ORDER BY kind",
                    found.id());
            all.add(new Webhook(found.id(), found.url(), kinds, found.created(), found.author()));
        }
        return all;
    }

    private static Webhook webhook(ResultSet row) throws SQLException {
        return new Webhook(
                row.getString("id"),
                row.getString("url"),
                List.of(),
                Instant.ofEpochMilli(row.getLong("created")),
                row.getString("author"));
    }

    /// Takes one away, with what it has not heard yet.
    ///
    /// @return false if there is none
    public boolean remove(Actor actor, String id) {
        return database.transaction(connection -> {
            Sql.update(connection, "DELETE FROM delivery WHERE webhook = ?", id);
            Sql.update(connection, "DELETE FROM webhook_kind WHERE webhook = ?", id);
            Optional<String> before = Sql.one(
                    connection, row -> row.getString("url"), "DELETE FROM webhook WHERE id = ? RETURNING url", id);
            if (before.isPresent()) {
                audit.append(connection, actor, "webhook.remove", id, "url=" + before.get() + " -> none");
            }
            return before.isPresent();
        });
    }

    /// The secret of one, as it stands in the database.
    Bytes open(String id, String sealed) {
        return Bytes.of(master.open(sealName(id), sealed));
    }

    private static String sealName(String id) {
        return "webhook " + id;
    }
}
