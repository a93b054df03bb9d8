package io.onebox.controller.auth;

import io.onebox.controller.store.Actor;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.Sql;
import io.onebox.shared.identity.Bytes;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;

/// The first user of a new controller: whoever knows the secret of the address that `init` prints becomes the owner,
/// once, within a day, and only while there is no user. Blocks.
public final class SetUp {

    /// How long the address may be used.
    public static final Duration LIFE = Duration.ofDays(1);

    private static final int SECRET_LENGTH = 32;
    private static final int FAILURES = 20;
    private static final Duration FAILURE_WINDOW = Duration.ofHours(1);

    private final Database database;
    private final Accounts accounts;
    private final SecureRandom random;
    private final InstantSource clock;
    private final AttemptLimit failures;

    public SetUp(Database database, Accounts accounts, SecureRandom random, InstantSource clock) {
        this.database = database;
        this.accounts = accounts;
        this.random = random;
        this.clock = clock;
        this.failures = new AttemptLimit(FAILURES, FAILURE_WINDOW, clock);
    }

    /// What became of an attempt.
    public enum Outcome {
        DONE,
        /// The secret is wrong, too old or used, or there is a user: it does not say which.
        OVER,
        TOO_MANY
    }

    /// Makes a secret, never shown again, in place of the one before.
    public String make() {
        String secret = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Bytes.random(random, SECRET_LENGTH).array());
        return database.transaction(connection -> {
            Sql.update(connection, "DELETE FROM set_up");
            Sql.update(
                    connection,
                    "INSERT INTO set_up (hash, expires) VALUES (?, ?)",
                    Accounts.hash(secret),
                    clock.millis() + LIFE.toMillis());
            return secret;
        });
    }

    /// Makes the first user, an owner, and uses the secret up.
    ///
    /// @param address from where
    public Outcome use(String secret, String login, String password, String address) {
        String neighbourhood = AttemptLimit.neighbourhood(address);
        if (!failures.tryUse(neighbourhood)) {
            return Outcome.TOO_MANY;
        }
        var actor = new Actor("user:" + login, address);
        boolean isDone = database.transaction(connection -> {
            int used = Sql.update(
                    connection,
                    "DELETE FROM set_up WHERE hash = ? AND expires > ? AND NOT EXISTS (SELECT 1 FROM account)",
                    Accounts.hash(secret),
                    clock.millis());
            return used > 0 && accounts.add(connection, actor, login, password, Role.OWNER);
        });
        if (isDone) {
            failures.giveBack(neighbourhood);
        }
        return isDone ? Outcome.DONE : Outcome.OVER;
    }
}
