package io.onebox.controller.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Agents whose configuration is to be made anew, and when. Thousands that enrol one after the other would otherwise
/// have the whole configuration of their server written for each of them. The list is in the database, in the
/// transaction of the change, so that nothing is forgotten by a node that dies.
final class WaitingDocuments {

    /// Making them may take one part in so many of the time. A guess that keeps enrolment linear.
    private static final int SHARE = 20;

    private static final long LONGEST_PAUSE_NS = 2_000_000_000L;

    /// How often the list is read without a reason: another node may have died over its own.
    private static final long LOOK_ANYWAY_NS = 3_000_000_000L;

    private volatile boolean isAny = true;
    private volatile long endedNs = System.nanoTime() - LOOK_ANYWAY_NS;
    private volatile long pauseNs;

    /// An agent, and who made the change for which it waits.
    record Waiting(String agent, Actor author) {}

    /// A time that is measured.
    @FunctionalInterface
    interface Spent {
        void end();
    }

    /// Whether it is time to make them.
    boolean isDue() {
        long sinceNs = System.nanoTime() - endedNs;
        return sinceNs >= (isAny ? pauseNs : LOOK_ANYWAY_NS);
    }

    /// Adds an agent.
    void put(Connection connection, String agent, Actor author) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO waiting_document (agent, author) VALUES (?, ?) ON CONFLICT (agent) DO NOTHING",
                agent,
                author.name());
        isAny = true;
    }

    /// Begins to make them.
    Spent begin() {
        isAny = false;
        long beganNs = System.nanoTime();
        return () -> {
            endedNs = System.nanoTime();
            pauseNs = Math.min(LONGEST_PAUSE_NS, SHARE * (endedNs - beganNs));
        };
    }

    /// Takes all of them off the list.
    List<Waiting> take(Connection connection) throws SQLException {
        return Sql.list(
                connection,
                row -> new Waiting(row.getString("agent"), new Actor(row.getString("author"), "")),
                "DELETE FROM waiting_document RETURNING agent, author");
    }
}
