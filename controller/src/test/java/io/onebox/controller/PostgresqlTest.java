package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.controller.store.Database;
import io.onebox.controller.store.Sql;
import io.onebox.shared.config.DatabaseConfig.PostgresqlServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What only a server can do to us: two nodes at once, one of them frozen, the server gone.
@Tag("system")
class PostgresqlTest {

    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final PostgresqlServer config = TestDatabase.postgresql();
    private Database one;
    private Database other;

    @BeforeEach
    void open() {
        one = Database.open(config);
        one.migrate();
        other = Database.open(config);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        one.close();
        other.close();
    }

    @Test
    void whatTwoNodesReadAndWriteComesOneAfterTheOther() throws Exception {
        List<Future<Long>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Database database = i % 2 == 0 ? one : other;
            all.add(threads.submit(() -> database.transaction(connection -> {
                long epoch = epoch(connection);
                Sql.update(connection, "UPDATE fleet SET epoch = ? WHERE id = 1", epoch + 1);
                return epoch;
            })));
        }
        List<Long> seen = new ArrayList<>();
        for (Future<Long> each : all) {
            seen.add(each.get());
        }

        assertThat(seen).doesNotHaveDuplicates().hasSize(200);
        assertThat(one.<Long>transaction(PostgresqlTest::epoch)).isEqualTo(200);
    }

    @Test
    void aNodeThatFreezesInATransactionHoldsTheOthersUpForSecondsOnlyAndDoesItsOwnAgain() throws Exception {
        var frozen = new CountDownLatch(1);
        var thaw = new CountDownLatch(1);
        var runs = new AtomicInteger();
        Future<Long> first = threads.submit(() -> one.transaction(connection -> {
            long epoch = epoch(connection);
            Sql.update(connection, "UPDATE fleet SET epoch = ? WHERE id = 1", epoch + 10);
            if (runs.incrementAndGet() == 1) {
                frozen.countDown();
                awaitQuietly(thaw);
            }
            return epoch;
        }));
        frozen.await();

        long beganNs = System.nanoTime();
        other.transaction(connection -> Sql.update(connection, "UPDATE fleet SET epoch = epoch + 1 WHERE id = 1"));
        assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isLessThan(Duration.ofSeconds(6));
        thaw.countDown();

        assertThat(first.get()).as("what the other node wrote meanwhile").isEqualTo(1);
        assertThat(runs).hasValue(2);
        assertThat(other.<Long>transaction(PostgresqlTest::epoch)).isEqualTo(11);
    }

    @Test
    void aServerThatWasAwayIsFoundAgain() {
        one.transaction(connection -> Sql.update(connection, "UPDATE fleet SET epoch = 7 WHERE id = 1"));

        TestDatabase.restart();

        assertThat(one.<Long>transaction(PostgresqlTest::epoch)).isEqualTo(7);
        assertThat(other.isAnswering()).isTrue();
    }

    @Test
    void textsKeepWhatPostgresqlCannotHold() {
        one.transaction(
                connection -> Sql.update(connection, "INSERT INTO secret (name, sealed) VALUES (?, '')", "a\0b"));

        assertThat(TestDatabase.query(config, "SELECT name FROM secret")).isEqualTo("a\ufffdb\n");
    }

    @Test
    void saysWhichDatabaseItCannotOpen() {
        var nowhere = new PostgresqlServer(config.user(), config.server(), "nothing", config.passwordFile());

        assertThatThrownBy(() -> Database.open(nowhere))
                .hasMessageContaining("cannot open the database postgresql://postgres@127.0.0.1:")
                .hasMessageContaining("\"nothing\" does not exist");
    }

    private static long epoch(Connection connection) throws SQLException {
        return Sql.one(connection, row -> row.getLong(1), "SELECT epoch FROM fleet WHERE id = 1")
                .orElseThrow();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
