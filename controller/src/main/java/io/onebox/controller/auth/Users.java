package io.onebox.controller.auth;

import io.onebox.controller.store.Actor;
import io.onebox.controller.store.AuditLog;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What owners do about users and whoever is logged in. There is always an owner left. Blocks.
public final class Users {

    private static final int ID_LENGTH = 16;

    private final Database database;
    private final AuditLog audit;
    private final InstantSource clock;

    public Users(Database database, AuditLog audit, InstantSource clock) {
        this.database = database;
        this.audit = audit;
        this.clock = clock;
    }

    /// A user as he is listed.
    public record User(String login, Role role, Instant created) {}

    /// Somebody who is logged in.
    ///
    /// @param id begins the hash of its secret, and opens nothing
    /// @param seen when it was last used
    public record Session(String id, String login, String address, Instant created, Instant seen) {}

    /// What became of a change.
    public enum Outcome {
        DONE,
        NOT_FOUND,
        LAST_OWNER
    }

    /// The users, by login.
    public List<User> list() {
        return database.transaction(connection -> Sql.list(
                connection,
                row -> new User(
                        row.getString("login"),
                        Role.parse(row.getString("role")).orElseThrow(),
                        Instant.ofEpochMilli(row.getLong("created"))),
                "SELECT login, role, created FROM account ORDER BY login"));
    }

    /// Gives a user another role; it holds from his next request on.
    public Outcome changeRole(Actor actor, String login, Role role) {
        return database.transaction(connection -> {
            Outcome outcome = role == Role.OWNER ? known(connection, login) : dispensable(connection, login);
            if (outcome == Outcome.DONE) {
                String before = role(connection, login);
                Sql.update(connection, "UPDATE account SET role = ? WHERE login = ?", role.spelling(), login);
                audit.append(connection, actor, "user.role", login, before + " -> role=" + role.spelling());
            }
            return outcome;
        });
    }

    /// Removes a user with his sessions and API tokens.
    public Outcome remove(Actor actor, String login) {
        return database.transaction(connection -> {
            Outcome outcome = dispensable(connection, login);
            if (outcome == Outcome.DONE) {
                String before = role(connection, login);
                Sql.update(connection, "DELETE FROM session WHERE login = ?", login);
                Sql.update(connection, "DELETE FROM api_token WHERE login = ?", login);
                Sql.update(connection, "DELETE FROM account WHERE login = ?", login);
                audit.append(connection, actor, "user.remove", login, before + " -> none");
            }
            return outcome;
        });
    }

    /// As the audit has it.
    private static String role(Connection connection, String login) throws SQLException {
        return Sql.one(connection, row -> row.getString("role"), "SELECT role FROM account WHERE login = ?", login)
                .map(role -> "role=" + role)
                .orElse("none");
    }

    private static Outcome known(Connection connection, String login) throws SQLException {
        return Sql.one(connection, row -> row.getString("login"), "SELECT login FROM account WHERE login = ?", login)
                .map(_ -> Outcome.DONE)
                .orElse(Outcome.NOT_FOUND);
    }

    /// Whether somebody else is an owner, too.
    private static Outcome dispensable(Connection connection, String login) throws SQLException {
        long others = Sql.one(
                        connection,
                        row -> row.getLong(1),
                        "SELECT COUNT(*) FROM account WHERE role = ? AND disabled = 0 AND login <> ?",
                        Role.OWNER.spelling(),
                        login)
                .orElse(0L);
        Outcome outcome = known(connection, login);
        return outcome == Outcome.DONE && others == 0 ? Outcome.LAST_OWNER : outcome;
    }

    /// Who is logged in, newest first.
    ///
    /// @param login only his sessions, or those of everybody
    public List<Session> sessions(Optional<String> login) {
        long now = clock.millis();
        return database
                .transaction(connection -> Sql.list(
                        connection,
                        row -> new Session(
                                id(row.getString("hash")),
                                row.getString("login"),
                                row.getString("address"),
                                Instant.ofEpochMilli(row.getLong("created")),
                                Instant.ofEpochMilli(row.getLong("seen"))),
                        "SELECT * FROM session WHERE seen > ? AND created > ? ORDER BY created DESC",
                        now - Accounts.IDLE.toMillis(),
                        now - Accounts.ABSOLUTE.toMillis()))
                .stream()
                .filter(session -> login.isEmpty() || login.get().equals(session.login()))
                .toList();
    }

    /// Ends a session.
    ///
    /// @param login whose it has to be, or anybody's
    /// @return false if there is none
    public boolean endSession(Actor actor, String id, Optional<String> login) {
        Optional<Session> found = sessions(login).stream()
                .filter(session -> session.id().equals(id))
                .findFirst();
        found.ifPresent(session -> database.transaction(connection -> {
            Sql.update(connection, "DELETE FROM session WHERE hash LIKE ?", id + "%");
            audit.append(
                    connection,
                    actor,
                    "session.end",
                    session.login(),
                    "session=%s, address=%s -> none".formatted(id, session.address()));
            return true;
        }));
        return found.isPresent();
    }

    /// The id of the session that has this secret.
    public static String idOf(String secret) {
        return id(Accounts.hash(secret));
    }

    private static String id(String hash) {
        return hash.substring(0, ID_LENGTH);
    }
}
