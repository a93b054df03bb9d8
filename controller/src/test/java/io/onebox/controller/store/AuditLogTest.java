package io.onebox.controller.store;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {

    /// More than two pages of the check.
    private static final int LINES = 2_500;

    private Database database;

    @BeforeEach
    void write(@TempDir Path directory) {
        database = Database.open(TestDatabase.create(directory));
        database.migrate();
        var audit = new AuditLog(InstantSource.system());
        database.transaction(connection -> {
            for (int i = 0; i < LINES; i++) {
                audit.append(connection, Actor.LOCAL, "agent.edit", "o" + i, "");
            }
            return true;
        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void isWholeAsItWasWritten() {
        assertThat(isWhole()).isTrue();
    }

    @Test
    void noticesALineThatWasChanged() {
        change("UPDATE audit SET object = 'o1' WHERE number = 2120");

        assertThat(isWhole()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 1_000, 1_001, 2_499})
    void noticesALineThatWasTakenOut(int number) {
        change("DELETE FROM audit WHERE number = " + number);

        assertThat(isWhole()).isFalse();
    }

    @Test
    void noticesThatTheBeginningIsMissing() {
        change("DELETE FROM audit WHERE number <= 1000");

        assertThat(isWhole()).isFalse();
    }

    /// What waits while a page is read comes before the next page, which shows what it has done.
    @Test
    void othersComeBetweenThePagesOfTheCheck() throws Exception {
        var go = new CompletableFuture<Boolean>();
        var begun = new CompletableFuture<Boolean>();
        var found = new CompletableFuture<Boolean>();
        var first = new Thread(() -> database.transaction(_ -> begun.complete(true) && go.join()));
        var check = new Thread(() -> found.complete(isWhole()));
        var other = new Thread(() -> change("UPDATE audit SET object = 'o1' WHERE number = 2120"));

        first.start();
        begun.join();
        startAndAwaitItsTurn(check);
        startAndAwaitItsTurn(other);
        go.complete(true);

        assertThat(found.get(10, TimeUnit.SECONDS)).isFalse();
    }

    private static void startAndAwaitItsTurn(Thread thread) {
        thread.start();
        eventually(Duration.ofSeconds(10), () -> assertThat(thread.getState()).isEqualTo(Thread.State.WAITING));
    }

    private boolean isWhole() {
        return AuditLog.isWhole(database);
    }

    private void change(String sql) {
        database.transaction(connection -> Sql.update(connection, sql));
    }
}
