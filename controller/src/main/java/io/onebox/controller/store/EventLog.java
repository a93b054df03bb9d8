package io.onebox.controller.store;

import io.onebox.shared.message.EventKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What happened to agents, newest last; the oldest are forgotten.
public final class EventLog {

    /// Events that are kept: some 20 MB.
    private static final long MAX_EVENTS = 100_000;

    private EventLog() {}

    /// Something that happened.
    ///
    /// @param link of which it tells, or empty
    /// @param detail one sentence, or empty
    public record Event(long number, Instant time, String agent, EventKind kind, String link, String detail) {}

    /// Appends events; their numbers are given here.
    ///
    /// @return the events with their numbers
    public static List<Event> append(Connection connection, List<Event> events) throws SQLException {
        long last = last(connection);
        List<Event> numbered = new ArrayList<>();
        for (Event event : events) {
            last++;
            Sql.update(
                    connection,
                    "INSERT INTO event (number, time, agent, kind, link, detail) VALUES (?, ?, ?, ?, ?, ?)",
                    last,
                    event.time().toEpochMilli(),
                    event.agent(),
                    event.kind().spelling(),
                    event.link(),
                    event.detail());
            numbered.add(new Event(last, event.time(), event.agent(), event.kind(), event.link(), event.detail()));
        }
        Sql.update(connection, "DELETE FROM event WHERE number <= ?", last - MAX_EVENTS);
        Sql.update(connection, "DELETE FROM delivery WHERE event <= ?", last - MAX_EVENTS);
        tellWebhooks(connection, numbered);
        return numbered;
    }

    /// What webhooks have asked for waits for them from now on.
    private static void tellWebhooks(Connection connection, List<Event> events) throws SQLException {
        List<String> wanted = Sql.list(connection, row -> row.getString(1), "SELECT DISTINCT kind FROM webhook_kind");
        for (Event event : events) {
            if (wanted.contains(event.kind().spelling())) {
                Sql.update(
                        connection,
                        "INSERT INTO delivery (webhook, event, attempts, due)"
                                + " SELECT webhook, CAST(? AS BIGINT), 0, 0 FROM webhook_kind WHERE kind = ?",
                        event.number(),
                        event.kind().spelling());
            }
        }
    }

    /// Forgets the events of an agent; the very last of all events stays, for its number must not come again.
    static void forget(Connection connection, String agent) throws SQLException {
        long last = last(connection);
        Sql.update(
                connection,
                "DELETE FROM delivery WHERE event IN (SELECT number FROM event WHERE agent = ? AND number < ?)",
                agent,
                last);
        Sql.update(connection, "DELETE FROM event WHERE agent = ? AND number < ?", agent, last);
    }

    /// The number of the last event; 0 if there is none.
    public static long last(Connection connection) throws SQLException {
        return Sql.one(connection, row -> row.getLong(1), "SELECT MAX(number) FROM event")
                .orElse(0L);
    }

    /// The events of all agents after a number, oldest first.
    public static List<Event> after(Connection connection, long number) throws SQLException {
        return Sql.list(connection, EventLog::event, "SELECT * FROM event WHERE number > ? ORDER BY number", number);
    }

    /// The events of an agent before a number, newest first.
    public static List<Event> before(Connection connection, String agent, long number, int limit) throws SQLException {
        return Sql.list(
                connection,
                EventLog::event,
                "SELECT * FROM event WHERE agent = ? AND number < ? ORDER BY number DESC LIMIT ?",
                agent,
                number,
                limit);
    }

    private static Event event(ResultSet row) throws SQLException {
        return new Event(
                row.getLong("number"),
                Instant.ofEpochMilli(row.getLong("time")),
                row.getString("agent"),
                EventKind.parse(row.getString("kind")).orElseThrow(),
                row.getString("link"),
                row.getString("detail"));
    }
}
