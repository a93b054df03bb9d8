package io.onebox.controller.store;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.controller.TestDatabase;
import io.onebox.shared.config.DatabaseConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

    private static final int THREADS = 20;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    private DatabaseConfig config;
    private Database database;

    @BeforeEach
    void open(@TempDir Path directory) {
        config = TestDatabase.create(directory);
        database = Database.open(config);
        database.migrate();
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        database.close();
    }

    @Test
    void transactionsThatWaitAreCommittedTogetherAndEachIsWholeByItself() throws Exception {
        var go = new CompletableFuture<Boolean>();
        Future<Boolean> first = threads.submit(() -> database.transaction(_ -> go.join()));
        List<Future<Integer>> others = new ArrayList<>();
        var begun = new AtomicInteger();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            others.add(threads.submit(() -> {
                begun.incrementAndGet();
                return database.transaction(connection -> {
                    Sql.update(connection, "INSERT INTO secret (name, sealed) VALUES (?, '')", "s" + number);
                    if (number % 2 == 1) {
                        throw new IllegalStateException("number " + number);
                    }
                    return number;
                });
            }));
        }
        eventually(Duration.ofSeconds(10), () -> assertThat(begun).hasValue(THREADS));
        go.complete(true);

        assertThat(first.get()).isTrue();
        for (int i = 0; i < THREADS; i++) {
            Future<Integer> other = others.get(i);
            if (i % 2 == 0) {
                assertThat(other.get()).isEqualTo(i);
            } else {
                assertThatThrownBy(other::get)
                        .isInstanceOf(ExecutionException.class)
                        .hasRootCauseMessage("number " + i);
            }
        }
        assertThat(names()).hasSize(THREADS / 2).allMatch(name -> Integer.parseInt(name.substring(1)) % 2 == 0);
    }

    @Test
    void whatWasReturnedIsOnTheDisk() {
        database.transaction(
                connection -> Sql.update(connection, "INSERT INTO secret (name, sealed) VALUES ('kept', '')"));

        try (Database another = Database.open(config)) {
            assertThat(another.<List<String>>transaction(
                            connection -> Sql.list(connection, row -> row.getString(1), "SELECT name FROM secret")))
                    .containsExactly("kept");
        }
    }

    @Test
    void aStatementThatIsWrongUndoesItsTransaction() {
        assertThatThrownBy(() -> database.transaction(connection -> {
                    Sql.update(connection, "INSERT INTO secret (name, sealed) VALUES ('lost', '')");
                    return Sql.update(connection, "INSERT INTO nothing (name) VALUES ('')");
                }))
                .isInstanceOf(Database.DatabaseException.class);

        assertThat(names()).isEmpty();
    }

    private List<String> names() {
        return database.transaction(
                connection -> Sql.list(connection, row -> row.getString(1), "SELECT name FROM secret"));
    }

    /// Else a task that comes late would leave a log beside the file.
    @Test
    void staysClosed() {
        database.close();

        assertThatThrownBy(() -> database.transaction(_ -> true)).hasMessageContaining("closed");
    }
}
