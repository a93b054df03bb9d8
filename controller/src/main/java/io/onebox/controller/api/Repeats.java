package io.onebox.controller.api;

import io.onebox.controller.api.Call.Answer;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.Sql;
import io.onebox.shared.identity.Digests;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers to requests that came with an `Idempotency-Key`: who asks again, on whichever node, gets the same
/// answer, and nothing is done twice. A key is entered before the work begins, so of two that ask at once one does
/// it; the answer is sealed, because some hold a secret. Blocks; may be used from any thread.
///
/// Source: draft-ietf-httpapi-idempotency-key-header, sections 2.6 and 2.7.
public final class Repeats {

    /// A guess: longer than anybody repeats a request.
    private static final Duration KEPT = Duration.ofHours(24);

    private final Database database;
    private final Seal seal;
    private final InstantSource clock;

    public Repeats(Database database, Seal seal, InstantSource clock) {
        this.database = database;
        this.seal = seal;
        this.clock = clock;
    }

    /// Keeps a secret from whoever reads the database.
    ///
    /// @param close of a name and a secret
    /// @param open of the same name and what `close` made
    public record Seal(BiFunction<String, byte[], String> close, BiFunction<String, String, byte[]> open) {}

    /// A key that is known.
    ///
    /// @param sealed the answer; empty as long as there is none
    private record Known(String request, String sealed) {}

    /// The answer to a request: what was answered before, or what `work` answers now. A failure is not kept.
    ///
    /// @param key whose, and which
    /// @param request what is asked, to the letter
    Answer answer(String key, String request, Supplier<Answer> work) {
        String hash = hash(key);
        String asked = hash(request);
        Optional<Known> known = enter(hash, asked);
        if (known.isPresent()) {
            return again(hash, asked, known.get());
        }
        Answer answer = done(hash, work);
        put(hash, answer);
        return answer;
    }

    /// Does the work. If it fails, nothing was done, and the key is free again; if its answer cannot be kept, the key
    /// is not, because it was done.
    private Answer done(String hash, Supplier<Answer> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            forget(hash, e);
            throw e;
        }
    }

    /// Enters a key, unless it is known.
    private Optional<Known> enter(String hash, String request) {
        long now = clock.millis();
        return database.transaction(connection -> {
            Sql.update(connection, "DELETE FROM idempotency_key WHERE time < ?", now - KEPT.toMillis());
            int entered = Sql.update(
                    connection,
                    "INSERT INTO idempotency_key (hash, request, time, answer) VALUES (?, ?, ?, '')"
                            + " ON CONFLICT (hash) DO NOTHING",
                    hash,
                    request,
                    now);
            return entered == 1
                    ? Optional.empty()
                    : Sql.one(
                            connection,
                            row -> new Known(row.getString(1), row.getString(2)),
                            "SELECT request, answer FROM idempotency_key WHERE hash = ?",
                            hash);
        });
    }

    private Answer again(String hash, String asked, Known known) {
        if (!known.request().equals(asked)) {
            throw new ApiProblem(
                    422, "key_reused", "this Idempotency-Key was used for another request; make a new one");
        }
        if (known.sealed().isEmpty()) {
            throw new ApiProblem(
                    409,
                    "key_underway",
                    "this request is being done; ask again in a second. If it stays so, the controller was stopped"
                            + " over it: see whether it was done before you ask with a new Idempotency-Key");
        }
        return parse(new String(seal.open().apply(hash, known.sealed()), StandardCharsets.UTF_8));
    }

    private void put(String hash, Answer answer) {
        String sealed = seal.close().apply(hash, Json.write(json(answer)).getBytes(StandardCharsets.UTF_8));
        database.transaction(connection ->
                Sql.update(connection, "UPDATE idempotency_key SET answer = ? WHERE hash = ?", sealed, hash));
    }

    private void forget(String hash, RuntimeException why) {
        try {
            database.transaction(connection ->
                    Sql.update(connection, "DELETE FROM idempotency_key WHERE hash = ? AND answer = ''", hash));
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    private static Map<String, @Nullable Object> json(Answer answer) {
        Map<String, @Nullable Object> json = new HashMap<>();
        json.put("status", answer.status());
        json.put("json", answer.json());
        json.put("tag", answer.tag().orElse(null));
        json.put("session", answer.session().orElse(null));
        return json;
    }

    private static Answer parse(String text) {
        JsonObject json = new JsonObject(Json.object(text).orElseThrow());
        return new Answer(
                Math.toIntExact(Optional.ofNullable(json.integer("status")).orElseThrow()),
                json.fields().get("json") == null ? null : json.object("json").entries(),
                Optional.ofNullable(json.text("tag")),
                Optional.ofNullable(json.text("session")));
    }

    private static String hash(String text) {
        return Digests.sha256(text.getBytes(StandardCharsets.UTF_8)).hex();
    }
}
