package io.onebox.controller.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.TestDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

    private static final int LINES = 250;

    private Database database;

    @BeforeEach
    void write(@TempDir Path directory) {
        database = Database.open(TestDatabase.create(directory));
        database.migrate();
        var audit = new AuditLog(InstantSource.system());
        for (int i = 0; i < LINES; i++) {
            String object = "o" + i;
            database.transaction(connection -> {
                audit.append(connection, Actor.LOCAL, "agent.edit", object, "");
                return true;
            });
        }
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
        change("UPDATE audit SET object = 'o1' WHERE number = 120");

        assertThat(isWhole()).isFalse();
    }

    @Test
    void noticesALineThatWasTakenOut() {
        change("DELETE FROM audit WHERE number = 101");

        assertThat(isWhole()).isFalse();
    }

    @Test
    void noticesThatTheBeginningIsMissing() {
        change("DELETE FROM audit WHERE number <= 100");

        assertThat(isWhole()).isFalse();
    }

    private boolean isWhole() {
        return database.transaction(AuditLog::isWhole);
    }

    private void change(String sql) {
        database.transaction(connection -> Sql.update(connection, sql));
    }
}
