package io.onebox.controller.auth;

import io.onebox.controller.store.Actor;
import io.onebox.controller.store.AuditLog;
import io.onebox.controller.store.Database;
import java.time.Duration;
import java.time.InstantSource;

/// What was refused, in the audit. Nobody fills the disk by being refused: of each kind a network has one line in a
/// quarter of an hour, and all networks together have a thousand. Blocks; may be used from any thread.
public final class Refusals {

    /// As long as a login that is guessed stays closed.
    static final Duration WINDOW = Duration.ofMinutes(15);

    /// Of everybody. A guess: an attacker with a thousand networks has been noticed.
    static final int ALL = 1_000;

    private static final String EVERYBODY = "";

    private final Database database;
    private final AuditLog audit;
    private final AttemptLimit lines;
    private final AttemptLimit allLines;

    public Refusals(Database database, AuditLog audit, InstantSource clock) {
        this.database = database;
        this.audit = audit;
        this.lines = new AttemptLimit(1, WINDOW, clock);
        this.allLines = new AttemptLimit(ALL, WINDOW, clock);
    }

    /// Notes a refusal, unless one like it was noted lately.
    ///
    /// @param kind of which there are few; nothing that a stranger chooses
    /// @param why the word of the error catalogue
    public void note(String kind, Actor actor, String action, String object, String why) {
        String source = AttemptLimit.neighbourhood(actor.address());
        if (lines.tryUse(action + " " + kind + " " + source) && allLines.tryUse(EVERYBODY)) {
            database.transaction(connection -> {
                audit.append(connection, actor, action, object, why);
                return true;
            });
        }
    }
}
