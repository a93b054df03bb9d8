package io.onebox.controller.store;

import io.onebox.shared.identity.Digests;
import io.onebox.shared.identity.Transcript;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Who did what and when. Each line has the hash of the one before, so that a line cannot be changed or taken out
/// without changing all after it. Secrets are never in a line.
public final class AuditLog {

    private static final String NO_HASH = "";
    private static final int PAGE = 100;

    /// Lines in a transaction: 10 ms of the connection, where 100,000 lines hold it for a second (2026-11-28, two cores
    /// that others used, too).
    private static final int CHECKED_AT_ONCE = 1_000;

    private final InstantSource clock;

    public AuditLog(InstantSource clock) {
        this.clock = clock;
    }

    /// A line.
    ///
    /// @param number from 1, without gaps
    /// @param object what it was done to
    /// @param detail before and after, or why not
    public record Line(
            long number,
            Instant time,
            Actor actor,
            String action,
            String object,
            String detail,
            String previous,
            String hash) {

        /// The hash this line should have.
        String expectedHash() {
            return Digests.sha256(Transcript.of("onebox-audit-1")
                            .add(previous)
                            .add(number)
                            .add(time.toEpochMilli())
                            .add(actor.name())
                            .add(actor.address())
                            .add(action)
                            .add(object)
                            .add(detail)
                            .bytes())
                    .hex();
        }
    }

    /// Appends a line, in the transaction of what it tells of.
    public void append(Connection connection, Actor actor, String action, String object, String detail)
            throws SQLException {
        Optional<Line> last = Sql.one(connection, AuditLog::line, "SELECT * FROM audit ORDER BY number DESC LIMIT 1");
        long number = last.map(Line::number).orElse(0L) + 1;
        String previous = last.map(Line::hash).orElse(NO_HASH);
        Instant now = Instant.ofEpochMilli(clock.millis());
        var line = new Line(
                number,
                now,
                new Actor(Sql.storable(actor.name()), actor.address()),
                action,
                Sql.storable(object),
                Sql.storable(detail),
                previous,
                NO_HASH);
        Sql.update(
                connection,
                "INSERT INTO audit (number, time, actor, address, action, object, detail, previous, hash)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                number,
                now.toEpochMilli(),
                line.actor().name(),
                line.actor().address(),
                action,
                line.object(),
                line.detail(),
                previous,
                line.expectedHash());
    }

    /// The lines before a number, newest first, a page of them.
    public static List<Line> before(Connection connection, long number) throws SQLException {
        return Sql.list(
                connection,
                AuditLog::line,
                "SELECT * FROM audit WHERE number < ? ORDER BY number DESC LIMIT " + PAGE,
                number);
    }

    /// The oldest of these lines that is not as it was written, or is not the one after its neighbour; empty if all
    /// are right.
    ///
    /// @param lines newest first
    public static Optional<Long> firstBroken(List<Line> lines) {
        Optional<Line> older = Optional.empty();
        for (Line line : lines.reversed()) {
            boolean follows = older.map(before -> line.number() == before.number() + 1
                            && line.previous().equals(before.hash()))
                    .orElse(true);
            if (!follows || !line.hash().equals(line.expectedHash())) {
                return Optional.of(line.number());
            }
            older = Optional.of(line);
        }
        return Optional.empty();
    }

    /// Whether no line of the whole audit was changed, taken out or put in. Each page is a transaction of its own, and
    /// its hashes are made after it: others wait for one page, not for a year of lines.
    public static boolean isWhole(Database database) {
        String previous = NO_HASH;
        long number = 0;
        while (true) {
            List<Line> lines = after(database, number);
            for (Line line : lines) {
                number++;
                boolean isNext = line.number() == number && line.previous().equals(previous);
                if (!isNext || !line.hash().equals(line.expectedHash())) {
                    return false;
                }
                previous = line.hash();
            }
            if (lines.size() < CHECKED_AT_ONCE) {
                return true;
            }
        }
    }

    private static List<Line> after(Database database, long number) {
        return database.transaction(connection -> Sql.list(
                connection,
                AuditLog::line,
                "SELECT * FROM audit WHERE number > ? ORDER BY number LIMIT " + CHECKED_AT_ONCE,
                number));
    }

    private static Line line(ResultSet row) throws SQLException {
        return new Line(
                row.getLong("number"),
                Instant.ofEpochMilli(row.getLong("time")),
                new Actor(row.getString("actor"), row.getString("address")),
                row.getString("action"),
                row.getString("object"),
                row.getString("detail"),
                row.getString("previous"),
                row.getString("hash"));
    }
}
