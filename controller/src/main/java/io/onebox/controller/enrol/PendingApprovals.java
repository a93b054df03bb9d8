package io.onebox.controller.enrol;

import io.onebox.controller.registry.FleetChange;
import io.onebox.controller.registry.NodeState;
import io.onebox.controller.store.Actor;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import io.onebox.controller.store.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// Agents that wait for approval, and those that claim to be another, wait a day; then they are forgotten and may enrol
/// again. Blocks.
public final class PendingApprovals {

    private static final Duration PATIENCE = Duration.ofHours(24);
    private static final Actor ACTOR = new Actor("controller", "local");

    private final Database database;
    private final FleetStore store;
    private final InstantSource clock;

    public PendingApprovals(Database database, FleetStore store, InstantSource clock) {
        this.database = database;
        this.store = store;
        this.clock = clock;
    }

    /// From now on this agent waits.
    void begin(Connection connection, String agent) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO pending (agent, since) VALUES (?, ?)"
                        + " ON CONFLICT (agent) DO UPDATE SET since = excluded.since",
                agent,
                clock.millis());
    }

    /// Forgets those that have waited too long.
    ///
    /// @return how many
    public int expire() {
        long oldest = clock.millis() - PATIENCE.toMillis();
        List<String> overdue = database.transaction(connection -> {
            List<String> found =
                    Sql.list(connection, row -> row.getString(1), "SELECT agent FROM pending WHERE since < ?", oldest);
            Sql.update(connection, "DELETE FROM pending WHERE since < ?", oldest);
            return found;
        });
        List<FleetChange> changes = overdue.stream()
                .flatMap(id -> store.fleet().node(id).stream())
                .filter(node ->
                        node.state() == NodeState.PENDING || node.claim().isPresent())
                .<FleetChange>map(node -> node.state() == NodeState.PENDING
                        ? new FleetChange.Deleted(node.id())
                        : new FleetChange.ClaimDropped(node.id()))
                .toList();
        changes.forEach(change -> store.change(ACTOR, change));
        return changes.size();
    }
}
