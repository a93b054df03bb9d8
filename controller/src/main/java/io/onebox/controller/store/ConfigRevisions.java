package io.onebox.controller.store;

import io.onebox.controller.registry.Settings;
import io.onebox.shared.message.ConfigState;
import io.onebox.shared.message.SignedConfig;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What each agent was told, revision after revision, and what became of it.
public final class ConfigRevisions {

    /// How many are kept of an agent, the newest. A guess: months of a fleet that is at rest, and a bound for a server
    /// whose document names a thousand clients.
    static final int KEPT = 100;

    /// The document of a revision that only the agent knows.
    private static final String UNKNOWN = "{}";

    private final InstantSource clock;

    public ConfigRevisions(InstantSource clock) {
        this.clock = clock;
    }

    /// A revision.
    ///
    /// @param reason what the agent says of it, or empty
    /// @param settings empty in a revision of a version that did not keep them
    /// @param author who made the change it came from
    public record Revision(
            String agent,
            long revision,
            String hash,
            String document,
            ConfigState state,
            String reason,
            String author,
            Instant created,
            Settings settings) {}

    /// Adds a revision if the document differs from the last.
    void add(Connection connection, Actor actor, String agent, String document, Settings settings) throws SQLException {
        Optional<Revision> last = latest(connection, agent);
        if (last.isPresent() && last.get().document().equals(document)) {
            return;
        }
        insert(connection, actor, agent, new Next(last.map(Revision::revision).orElse(0L) + 1, document, settings));
    }

    /// Adds a revision even if its document is the last one's: the agent is to take it again.
    void repeat(Connection connection, Actor actor, String agent, String document, Settings settings)
            throws SQLException {
        Optional<Revision> last = latest(connection, agent);
        insert(connection, actor, agent, new Next(last.map(Revision::revision).orElse(0L) + 1, document, settings));
    }

    /// Gives what waits for an agent a number after the one the agent has: the database was restored from before it.
    public void renumber(Connection connection, Revision waiting, long after) throws SQLException {
        var next = new Next(after + 1, waiting.document(), waiting.settings());
        insert(connection, new Actor(waiting.author(), ""), waiting.agent(), next);
    }

    /// Keeps a place for a revision that an agent has and the database does not know, having been restored from before
    /// it. What it says is not known; the next change gets a number after it.
    public void adopt(Connection connection, String agent, long revision, String hash) throws SQLException {
        insert(connection, Actor.LOCAL, agent, new Next(revision, UNKNOWN, Settings.UNKNOWN));
        Sql.update(
                connection,
                "UPDATE config_revision SET hash = ?, state = ?, reason = ? WHERE agent = ? AND revision = ?",
                hash,
                ConfigState.APPLIED.spelling(),
                "not known here: the database was restored from before it",
                agent,
                revision);
    }

    /// What an agent is to have.
    public static Optional<Revision> latest(Connection connection, String agent) throws SQLException {
        return Sql.one(
                connection,
                ConfigRevisions::revision,
                "SELECT * FROM config_revision WHERE agent = ? ORDER BY revision DESC LIMIT 1",
                agent);
    }

    /// Those of an agent before a number, newest first.
    public static List<Revision> before(Connection connection, String agent, long number, int limit)
            throws SQLException {
        return Sql.list(
                connection,
                ConfigRevisions::revision,
                "SELECT * FROM config_revision WHERE agent = ? AND revision < ? ORDER BY revision DESC LIMIT ?",
                agent,
                number,
                limit);
    }

    /// One of an agent.
    public static Optional<Revision> find(Connection connection, String agent, long revision) throws SQLException {
        return Sql.one(
                connection,
                ConfigRevisions::revision,
                "SELECT * FROM config_revision WHERE agent = ? AND revision = ?",
                agent,
                revision);
    }

    /// How long ago a revision was sent whose agent has not answered yet.
    public Optional<Duration> sinceSent(Connection connection, String agent, long revision) throws SQLException {
        Optional<Long> sent = Sql.one(
                connection,
                row -> row.getLong(1),
                "SELECT changed FROM config_revision WHERE agent = ? AND revision = ? AND state = ?",
                agent,
                revision,
                ConfigState.SENT.spelling());
        return sent.map(millis -> Duration.ofMillis(Math.max(0, clock.millis() - millis)));
    }

    /// Notes what became of a revision.
    public void note(Connection connection, String agent, long revision, ConfigState state, String reason)
            throws SQLException {
        Sql.update(
                connection,
                "UPDATE config_revision SET state = ?, reason = ?, changed = ? WHERE agent = ? AND revision = ?",
                state.spelling(),
                reason,
                clock.millis(),
                agent,
                revision);
    }

    private record Next(long revision, String document, Settings settings) {}

    private void insert(Connection connection, Actor actor, String agent, Next next) throws SQLException {
        Sql.update(
                connection,
                "UPDATE config_revision SET state = ? WHERE agent = ? AND state IN (?, ?, ?)",
                ConfigState.SUPERSEDED.spelling(),
                agent,
                ConfigState.PENDING.spelling(),
                ConfigState.SENT.spelling(),
                ConfigState.PROVISIONAL.spelling());
        Sql.update(
                connection,
                "INSERT INTO config_revision (agent, revision, hash, document, state, reason, author, created,"
                        + " changed, name, endpoints, server, links) VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?)",
                agent,
                next.revision(),
                SignedConfig.hash(next.document()),
                next.document(),
                ConfigState.PENDING.spelling(),
                actor.name(),
                clock.millis(),
                clock.millis(),
                next.settings().name(),
                String.join(NodeRows.SEPARATOR, next.settings().endpoints()),
                next.settings().server().orElse(""),
                NodeRows.text(next.settings().links()));
        Sql.update(
                connection,
                "DELETE FROM config_revision WHERE agent = ? AND revision <="
                        + " (SELECT revision FROM config_revision WHERE agent = ?"
                        + " ORDER BY revision DESC LIMIT 1 OFFSET ?)",
                agent,
                agent,
                KEPT);
    }

    private static Revision revision(ResultSet row) throws SQLException {
        return new Revision(
                row.getString("agent"),
                row.getLong("revision"),
                row.getString("hash"),
                row.getString("document"),
                ConfigState.parse(row.getString("state")).orElseThrow(),
                row.getString("reason"),
                row.getString("author"),
                Instant.ofEpochMilli(row.getLong("created")),
                new Settings(
                        row.getString("name"),
                        NodeRows.split(row.getString("endpoints")),
                        Optional.of(row.getString("server")).filter(id -> !id.isEmpty()),
                        NodeRows.links(row.getString("links"))));
    }
}
