package io.onebox.controller.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PresenceTest {

    private static final Presence ONE = new Presence("one", true);
    private static final Presence OTHER = new Presence("other", true);

    private Database database;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = Database.open(TestDatabase.create(directory));
        database.migrate();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aStartThatComesBackToAnyNodeIsATwin() {
        assertThat(claims(ONE, "first")).isFalse();
        assertThat(claims(OTHER, "copy")).isFalse();
        assertThat(leaves(ONE)).as("the other has it").isFalse();
        assertThat(areTwo()).isFalse();

        assertThat(claims(ONE, "first")).isTrue();

        assertThat(areTwo()).isTrue();
        assertThat(claims(OTHER, "copy")).as("told once").isFalse();
        assertThat(areTwo()).isTrue();
    }

    @Test
    void anAgentThatChangesTheNodeOrIsStartedAnewIsNone() {
        for (int i = 0; i < 3; i++) {
            assertThat(claims(ONE, "start" + i)).isFalse();
            assertThat(claims(OTHER, "start" + i)).isFalse();
        }

        assertThat(areTwo()).isFalse();
    }

    @Test
    void twinsAreForgottenWhenNobodyIsConnected() {
        claims(ONE, "first");
        claims(OTHER, "copy");
        claims(ONE, "first");

        assertThat(leaves(ONE)).isTrue();

        assertThat(areTwo()).isFalse();
        assertThat(claims(ONE, "copy")).isFalse();
    }

    private boolean claims(Presence node, String start) {
        return database.transaction(connection -> node.claim(connection, "van", start));
    }

    private boolean leaves(Presence node) {
        return database.transaction(connection -> node.leave(connection, "van"));
    }

    private boolean areTwo() {
        return database.transaction(Presence::twins).contains("van");
    }
}
