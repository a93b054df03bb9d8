package io.onebox.controller.auth;

import io.onebox.controller.store.Actor;
import io.onebox.controller.store.AuditLog;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.Sql;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.Digests;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Users, their sessions and their API tokens. Blocks.
public final class Accounts {

    static final Duration IDLE = Duration.ofMinutes(30);
    static final Duration ABSOLUTE = Duration.ofHours(12);
    private static final int SESSION_LENGTH = 32;
    private static final int TOKEN_ID_LENGTH = 4;
    private static final int TOKEN_SECRET_LENGTH = 24;
    private static final Pattern TOKEN = Pattern.compile("obt1_([0-9a-f]{8})_([A-Za-z0-9_-]{32})");
    private static final Pattern LOGIN = Pattern.compile("[A-Za-z0-9._@-]{1,63}");

    /// How exactly the last use of a token is kept: not every request is to write.
    private static final Duration USE_NOTED = Duration.ofMinutes(1);

    private static final int FAILURES = 5;
    private static final Duration FAILURE_WINDOW = Duration.ofMinutes(15);
    private static final int ADDRESS_FAILURES = 50;
    private static final Duration ADDRESS_WINDOW = Duration.ofHours(1);

    private final Database database;
    private final AuditLog audit;
    private final Passwords passwords;
    private final SecureRandom random;
    private final InstantSource clock;
    private final AttemptLimit failures;
    private final AttemptLimit failuresOfAddress;

    public Accounts(Database database, AuditLog audit, Passwords passwords, SecureRandom random, InstantSource clock) {
        this.database = database;
        this.audit = audit;
        this.passwords = passwords;
        this.random = random;
        this.clock = clock;
        this.failures = new AttemptLimit(FAILURES, FAILURE_WINDOW, clock);
        this.failuresOfAddress = new AttemptLimit(ADDRESS_FAILURES, ADDRESS_WINDOW, clock);
    }

    /// What became of a login.
    public sealed interface Login {
        /// The word for it, for counting.
        default String code() {
            return switch (this) {
                case Session _ -> "right";
                case Wrong _ -> "wrong";
                case TooMany _ -> "too_many";
            };
        }

        /// A session: its secret, shown to the browser only.
        record Session(String secret, Subject subject) implements Login {}

        /// Wrong login or wrong password: it does not say which.
        record Wrong() implements Login {}

        /// Too many wrong ones; wait.
        record TooMany() implements Login {}
    }

    private record Account(String login, String password, Role role, boolean isDisabled) {}

    /// An API token as it is listed.
    ///
    /// @param used when last, to the minute; empty if never
    public record ApiToken(
            String id,
            String login,
            String note,
            List<String> scopes,
            Instant created,
            Instant expires,
            Optional<Instant> used) {
        public ApiToken {
            scopes = List.copyOf(scopes);
        }
    }

    /// Whether a user may be called so.
    public static boolean isLogin(String login) {
        return LOGIN.matcher(login).matches();
    }

    /// Adds a user.
    ///
    /// @return false if the login is taken
    public boolean add(Actor actor, String login, String password, Role role) {
        String hash = passwords.hash(password);
        return database.transaction(connection -> insert(connection, actor, login, hash, role));
    }

    /// The same within a transaction. Holds it for as long as the password is hashed.
    boolean add(Connection connection, Actor actor, String login, String password, Role role) throws SQLException {
        return insert(connection, actor, login, passwords.hash(password), role);
    }

    private boolean insert(Connection connection, Actor actor, String login, String hash, Role role)
            throws SQLException {
        int added = Sql.update(
                connection,
                "INSERT INTO account (login, password, role, disabled, created) VALUES (?, ?, ?, 0, ?)"
                        + " ON CONFLICT (login) DO NOTHING",
                login,
                hash,
                role.spelling(),
                clock.millis());
        if (added > 0) {
            audit.append(connection, actor, "user.add", login, "none -> role=" + role.spelling());
        }
        return added > 0;
    }

    /// Gives a user another password and ends his sessions.
    ///
    /// @return false if there is no such user
    public boolean resetPassword(Actor actor, String login, String password) {
        String hash = passwords.hash(password);
        return database.transaction(connection -> {
            int changed = Sql.update(connection, "UPDATE account SET password = ? WHERE login = ?", hash, login);
            if (changed > 0) {
                Sql.update(connection, "DELETE FROM session WHERE login = ?", login);
                audit.append(connection, actor, "user.reset-password", login, "");
            }
            return changed > 0;
        });
    }

    /// Opens a session for whoever knows the password. An attempt counts before the password is looked at, so that many
    /// at once are no more than many one after another; it counts no more if it was right, or was not looked at.
    public Login login(String login, String password, String address) {
        String key = login + " " + AttemptLimit.machine(address);
        String neighbourhood = AttemptLimit.neighbourhood(address);
        if (!failures.tryUse(key)) {
            return new Login.TooMany();
        }
        if (!failuresOfAddress.tryUse(neighbourhood)) {
            failures.giveBack(key);
            return new Login.TooMany();
        }
        boolean isWrong = false;
        try {
            Login result = attempt(login, password, new Actor("user:" + login, address));
            isWrong = result instanceof Login.Wrong;
            return result;
        } finally {
            if (!isWrong) {
                failures.giveBack(key);
                failuresOfAddress.giveBack(neighbourhood);
            }
        }
    }

    private Login attempt(String login, String password, Actor actor) {
        Optional<Account> account = database.transaction(connection -> Sql.one(
                connection,
                row -> new Account(
                        row.getString("login"),
                        row.getString("password"),
                        Role.parse(row.getString("role")).orElseThrow(),
                        row.getInt("disabled") != 0),
                "SELECT * FROM account WHERE login = ?",
                login));
        boolean isRight = passwords.isRight(password, account.map(Account::password));
        if (!isRight || account.get().isDisabled()) {
            database.transaction(connection -> {
                audit.append(connection, actor, "login.failed", login, "");
                return true;
            });
            return new Login.Wrong();
        }
        String secret = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Bytes.random(random, SESSION_LENGTH).array());
        database.transaction(connection -> {
            Sql.update(connection, "DELETE FROM session WHERE created < ?", clock.millis() - ABSOLUTE.toMillis());
            Sql.update(
                    connection,
                    "INSERT INTO session (hash, login, address, created, seen) VALUES (?, ?, ?, ?, ?)",
                    hash(secret),
                    login,
                    actor.address(),
                    clock.millis(),
                    clock.millis());
            audit.append(connection, actor, "login", login, "");
            return true;
        });
        return new Login.Session(
                secret, new Subject(actor.name(), login, account.get().role().permissions()));
    }

    /// Ends a session.
    public void logout(Actor actor, String secret) {
        database.transaction(connection -> {
            if (Sql.update(connection, "DELETE FROM session WHERE hash = ?", hash(secret)) > 0) {
                audit.append(connection, actor, "logout", actor.name(), "");
            }
            return true;
        });
    }

    /// Who has this session; empty if nobody, or nobody any more. Keeps it alive.
    public Optional<Subject> session(String secret) {
        try {
            return database.transaction(connection -> {
                Optional<Subject> subject = session(connection, secret);
                if (subject.isPresent()) {
                    Sql.update(connection, "UPDATE session SET seen = ? WHERE hash = ?", clock.millis(), hash(secret));
                }
                return subject;
            });
        } catch (Database.FullException _) {
            return sessionStill(secret); // Who may not write may still look.
        }
    }

    /// Who still has this session. Does not keep it alive.
    public Optional<Subject> sessionStill(String secret) {
        return database.transaction(connection -> session(connection, secret));
    }

    private Optional<Subject> session(Connection connection, String secret) throws SQLException {
        long now = clock.millis();
        return Sql.one(
                connection,
                row -> new Subject(
                        "user:" + row.getString("login"),
                        row.getString("login"),
                        Role.parse(row.getString("role")).orElseThrow().permissions()),
                "SELECT account.login, account.role FROM session JOIN account ON account.login = session.login"
                        + " WHERE session.hash = ? AND session.seen > ? AND session.created > ?"
                        + " AND account.disabled = 0",
                hash(secret),
                now - IDLE.toMillis(),
                now - ABSOLUTE.toMillis());
    }

    /// Makes an API token.
    ///
    /// @return its text, never shown again
    public String addToken(Subject owner, Actor actor, String note, Set<Permission> scopes, Duration life) {
        String id = Bytes.random(random, TOKEN_ID_LENGTH).hex();
        String secret = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Bytes.random(random, TOKEN_SECRET_LENGTH).array());
        String joined = String.join(
                ",", scopes.stream().map(Permission::spelling).sorted().toList());
        database.transaction(connection -> {
            Sql.update(
                    connection,
                    "INSERT INTO api_token (id, hash, login, note, scopes, created, expires)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    id,
                    hash(secret),
                    owner.login(),
                    note,
                    joined,
                    clock.millis(),
                    clock.millis() + life.toMillis());
            audit.append(connection, actor, "api-token.add", id, "none -> " + described(owner.login(), joined));
            return true;
        });
        return "obt1_" + id + "_" + secret;
    }

    /// The API tokens there are.
    public List<ApiToken> tokens() {
        return database.transaction(connection -> Sql.list(
                connection,
                row -> new ApiToken(
                        row.getString("id"),
                        row.getString("login"),
                        row.getString("note"),
                        Arrays.asList(row.getString("scopes").split(",", -1)),
                        Instant.ofEpochMilli(row.getLong("created")),
                        Instant.ofEpochMilli(row.getLong("expires")),
                        Optional.of(row.getLong("used"))
                                .filter(used -> used > 0)
                                .map(Instant::ofEpochMilli)),
                "SELECT * FROM api_token ORDER BY created"));
    }

    /// Takes an API token back.
    ///
    /// @return false if there is none
    public boolean removeToken(Actor actor, String id) {
        return database.transaction(connection -> {
            Optional<String> before = Sql.one(
                    connection,
                    row -> described(row.getString("login"), row.getString("scopes")),
                    "DELETE FROM api_token WHERE id = ? RETURNING login, scopes",
                    id);
            if (before.isPresent()) {
                audit.append(connection, actor, "api-token.remove", id, before.get() + " -> none");
            }
            return before.isPresent();
        });
    }

    /// As the audit has it.
    private static String described(String login, String scopes) {
        return "login=" + login + ", scopes=" + scopes;
    }

    /// Who has this API token; empty if nobody, or nobody any more.
    public Optional<Subject> token(String text) {
        Matcher matcher = TOKEN.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return database.transaction(connection -> {
                Optional<Subject> subject = token(connection, matcher);
                if (subject.isPresent()) {
                    Sql.update(
                            connection,
                            "UPDATE api_token SET used = ? WHERE id = ? AND used < ?",
                            clock.millis(),
                            matcher.group(1),
                            clock.millis() - USE_NOTED.toMillis());
                }
                return subject;
            });
        } catch (Database.FullException _) {
            return database.transaction(connection -> token(connection, matcher));
        }
    }

    private Optional<Subject> token(Connection connection, Matcher text) throws SQLException {
        return Sql.one(
                connection,
                row -> {
                    Role role = Role.parse(row.getString("role")).orElseThrow();
                    Set<Permission> permissions = new HashSet<>();
                    for (String scope : row.getString("scopes").split(",", -1)) {
                        Permission.parse(scope)
                                .filter(role.permissions()::contains)
                                .ifPresent(permissions::add);
                    }
                    return new Subject("token:" + row.getString("id"), row.getString("login"), permissions);
                },
                "SELECT api_token.id, api_token.login, api_token.scopes, account.role FROM api_token"
                        + " JOIN account ON account.login = api_token.login"
                        + " WHERE api_token.id = ? AND api_token.hash = ? AND api_token.expires > ?"
                        + " AND account.disabled = 0",
                text.group(1),
                hash(text.group(2)),
                clock.millis());
    }

    static String hash(String secret) {
        return Digests.sha256(secret.getBytes(StandardCharsets.UTF_8)).hex();
    }
}
