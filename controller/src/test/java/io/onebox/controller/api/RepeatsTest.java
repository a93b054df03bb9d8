package io.onebox.controller.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.controller.TestDatabase;
import io.onebox.controller.api.Call.Answer;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.Sql;
import io.onebox.controller.trust.MasterKey;
import io.onebox.controller.trust.StateFiles;
import io.onebox.shared.config.DatabaseConfig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes that are asked the same.
class RepeatsTest {

    private static final String SECRET = "obe1_whoever_has_this";

    private final AtomicInteger done = new AtomicInteger();
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private Database database;
    private Database another;
    private Repeats here;
    private Repeats there;

    @BeforeEach
    void open(@TempDir Path directory) {
        DatabaseConfig config = TestDatabase.create(directory);
        database = Database.open(config);
        database.migrate();
        another = Database.open(config);
        var files = new StateFiles(directory.resolve("state"));
        files.create();
        MasterKey master = MasterKey.create(files, new SecureRandom());
        var seal = new Repeats.Seal(master::seal, master::open);
        here = new Repeats(database, seal, () -> now);
        there = new Repeats(another, seal, () -> now);
    }

    @AfterEach
    void close() {
        another.close();
        database.close();
    }

    @Test
    void whatOneNodeHasDoneTheOtherDoesNotDoAgain() {
        Answer first = here.answer("alice k1", "make", this::make);
        Answer again = there.answer("alice k1", "make", this::make);

        assertThat(again).isEqualTo(first);
        assertThat(done).hasValue(1);
        assertThat(there.answer("bob k1", "make", this::make).json())
                .as("another's key")
                .containsEntry("number", 2L);
    }

    @Test
    void anAnswerHasWhatItHad() {
        var nothing = Answer.nothing();
        var session = new Answer(200, Map.of(), Optional.of("\"7\""), Optional.of(""));

        here.answer("k1", "a", () -> nothing);
        here.answer("k2", "b", () -> session);

        assertThat(there.answer("k1", "a", this::make)).isEqualTo(nothing);
        assertThat(there.answer("k2", "b", this::make)).isEqualTo(session);
    }

    @Test
    void whoAsksWhileItIsBeingDoneIsToldSo() {
        here.answer("k1", "make", () -> {
            assertProblem(409, () -> there.answer("k1", "make", this::make));
            return make();
        });

        assertThat(done).hasValue(1);
    }

    @Test
    void aKeyIsForOneRequest() {
        here.answer("k1", "make", this::make);

        assertProblem(422, () -> there.answer("k1", "make another", this::make));
    }

    @Test
    void aFailureIsNotKept() {
        assertProblem(
                404,
                () -> here.answer("k1", "make", () -> {
                    throw ApiProblem.notFound("agent");
                }));

        assertThat(there.answer("k1", "make", this::make).json()).containsEntry("number", 1L);
    }

    /// A seal that fails stands for a database that is full.
    @Test
    void whatWasDoneIsNotDoneAgainWhenItsAnswerCouldNotBeKept() {
        var full = new Repeats(
                database,
                new Repeats.Seal(
                        (_, _) -> {
                            throw new IllegalStateException("full");
                        },
                        (_, _) -> new byte[0]),
                () -> now);
        assertThatThrownBy(() -> full.answer("k1", "make", this::make)).hasMessage("full");

        assertProblem(409, () -> there.answer("k1", "make", this::make));
        assertThat(done).hasValue(1);
    }

    @Test
    void aDayLaterItIsForgotten() {
        here.answer("k1", "make", this::make);
        now = now.plus(Duration.ofHours(25));

        here.answer("k1", "make", this::make);

        assertThat(done).hasValue(2);
    }

    @Test
    void nobodyReadsASecretInTheDatabase() {
        here.answer("alice k1", "make", this::make);

        String row = database.transaction(connection -> Sql.one(
                        connection,
                        read -> read.getString(1) + read.getString(2) + read.getString(3),
                        "SELECT hash, request, answer FROM idempotency_key")
                .orElseThrow());

        assertThat(row).doesNotContain(SECRET, "alice");
    }

    private Answer make() {
        return Answer.created(Map.of("number", (long) done.incrementAndGet(), "token", SECRET));
    }

    private static void assertProblem(int status, Runnable asked) {
        assertThatThrownBy(asked::run)
                .isInstanceOfSatisfying(
                        ApiProblem.class,
                        problem -> assertThat(problem.status()).isEqualTo(status));
    }
}
