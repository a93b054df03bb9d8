package io.onebox.controller.store;

import io.onebox.shared.identity.VerifyKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Which agents are to make new keys, and the keys agents had before. An earlier key is accepted for a day, because
/// the agent may not have heard yet that the next one counts; it ends as soon as the agent uses the next one.
public final class AgentKeys {

    private static final Duration OVERLAP = Duration.ofHours(24);

    /// Between two rotations that an agent itself asks for: each makes configurations for all its peers. A guess.
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private AgentKeys() {}

    /// An agent is to make new keys.
    public static void want(Connection connection, String agent) throws SQLException {
        Sql.update(connection, "INSERT INTO rekey (agent) VALUES (?) ON CONFLICT (agent) DO NOTHING", agent);
    }

    /// Whether it is.
    public static boolean isWanted(Connection connection, String agent) throws SQLException {
        return Sql.one(connection, row -> row.getString("agent"), "SELECT agent FROM rekey WHERE agent = ?", agent)
                .isPresent();
    }

    /// An agent has made them.
    ///
    /// @param earlier its key until now
    /// @return false if nobody asked for them
    public static boolean replace(Connection connection, String agent, VerifyKey earlier, Instant now)
            throws SQLException {
        if (Sql.update(connection, "DELETE FROM rekey WHERE agent = ?", agent) == 0) {
            return false;
        }
        Sql.update(
                connection,
                "INSERT INTO earlier_key (agent, identity_key, until) VALUES (?, ?, ?)"
                        + " ON CONFLICT (agent, identity_key) DO UPDATE SET until = excluded.until",
                agent,
                earlier.toString(),
                now.plus(OVERLAP).toEpochMilli());
        return true;
    }

    /// The keys an agent had before that are accepted still.
    public static List<VerifyKey> earlier(Connection connection, String agent, Instant now) throws SQLException {
        return Sql.list(
                        connection,
                        row -> VerifyKey.parse(row.getString("identity_key")),
                        "SELECT identity_key FROM earlier_key WHERE agent = ? AND until > ?",
                        agent,
                        now.toEpochMilli())
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /// Whether an agent has got keys so lately that it need not have others.
    public static boolean areNew(Connection connection, String agent, Instant now) throws SQLException {
        return Sql.one(
                        connection,
                        row -> row.getString("agent"),
                        "SELECT agent FROM earlier_key WHERE agent = ? AND until > ?",
                        agent,
                        now.plus(OVERLAP).minus(PAUSE).toEpochMilli())
                .isPresent();
    }

    /// An agent uses the keys it has now; nobody who has the earlier ones is it.
    public static void areUsed(Connection connection, String agent, Instant now) throws SQLException {
        if (!earlier(connection, agent, now).isEmpty()) {
            Sql.update(connection, "DELETE FROM earlier_key WHERE agent = ?", agent);
        }
    }

    /// An agent has no other keys than those it has now, and is asked for none.
    public static void forget(Connection connection, String agent) throws SQLException {
        Sql.update(connection, "DELETE FROM rekey WHERE agent = ?", agent);
        Sql.update(connection, "DELETE FROM earlier_key WHERE agent = ?", agent);
    }
}
