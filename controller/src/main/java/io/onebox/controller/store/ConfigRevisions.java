package io.onebox.controller.store;

import io.onebox.shared.message.ConfigState;
import io.onebox.shared.message.SignedConfig;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What each agent was told, revision after revision, and what became of it.
public final class ConfigRevisions {

    private final InstantSource clock;

    public ConfigRevisions(InstantSource clock) {
        this.clock = clock;
    }

    /// A revision.
    ///
    /// @param reason what the agent says of it, or empty
    /// @param author who made the change it came from
    public record Revision(
            String agent,
            long revision,
            String hash,
            String document,
            ConfigState state,
            String reason,
            String author,
            Instant created) {}

    /// Adds a revision if the document differs from the last.
    void add(Connection connection, Actor actor, String agent, String document) throws SQLException {
        Optional<Revision> last = latest(connection, agent);
        if (last.isPresent() && last.get().document().equals(document)) {
            return;
        }
        insert(connection, actor, agent, last.map(Revision::revision).orElse(0L) + 1, document);
    }

    /// Goes on from the number an agent has: the database was restored from before it.
    public void continueFrom(Connection connection, String agent, long revision) throws SQLException {
        Optional<Revision> last = latest(connection, agent);
        if (last.isPresent() && last.get().revision() <= revision) {
            insert(connection, Actor.LOCAL, agent, revision + 1, last.get().document());
        }
    }

    /// What an agent is to have.
    public static Optional<Revision> latest(Connection connection, String agent) throws SQLException {
        return Sql.one(
                connection,
                ConfigRevisions::revision,
                "SELECT * FROM config_revision WHERE agent = ? ORDER BY revision DESC LIMIT 1",
                agent);
    }

    /// All of an agent, newest first.
    public static List<Revision> of(Connection connection, String agent) throws SQLException {
        return Sql.list(
                connection,
                ConfigRevisions::revision,
                "SELECT * FROM config_revision WHERE agent = ? ORDER BY revision DESC LIMIT 100",
                agent);
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

    private void insert(Connection connection, Actor actor, String agent, long revision, String document)
            throws SQLException {
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
                        + " changed) VALUES (?, ?, ?, ?, ?, '', ?, ?, ?)",
                agent,
                revision,
                SignedConfig.hash(document),
                document,
                ConfigState.PENDING.spelling(),
                actor.name(),
                clock.millis(),
                clock.millis());
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
                Instant.ofEpochMilli(row.getLong("created")));
    }
}
