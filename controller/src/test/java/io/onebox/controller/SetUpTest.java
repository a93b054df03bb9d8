package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Accounts;
import io.onebox.controller.auth.Passwords;
import io.onebox.controller.auth.Role;
import io.onebox.controller.auth.SetUp;
import io.onebox.controller.auth.SetUp.Outcome;
import io.onebox.controller.auth.Users;
import io.onebox.controller.store.Actor;
import io.onebox.controller.store.AuditLog;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first user, who comes by the address that `init` prints: at the API of a controller without users.
class SetUpTest {

    private static final String PASSWORD = RunningController.PASSWORD;
    private static final String WRONG = "x".repeat(43);
    private static final String ADDRESS = "192.0.2.1";

    private RunningController controller;
    private String secret;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = RunningController.withoutUsers(directory);
        secret = controller.controller().setUp().make();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    private Answer ask(String with, String login, String password) {
        String body = "{\"secret\":\"%s\",\"login\":\"%s\",\"password\":\"%s\"}".formatted(with, login, password);
        return controller.ask("POST", "/api/v1/set-up", body);
    }

    @Test
    void whoKnowsTheSecretIsTheOwnerAndLoggedInAndTheNextIsRefused() {
        assertThat(ask(WRONG, "alice", PASSWORD).json().text("type")).endsWith(":set_up_over");
        assertThat(ask(secret, "alice", "short").status()).isEqualTo(400);
        assertThat(ask(secret, "al ice", PASSWORD).status()).isEqualTo(400);

        Answer made = ask(secret, "alice", PASSWORD);

        assertThat(made.status()).as(made.response().body()).isEqualTo(200);
        assertThat(made.json().text("login")).isEqualTo("alice");
        assertThat(made.json().texts("permissions")).contains("users");
        assertThat(made.response().headers().firstValue("set-cookie")).isPresent();
        assertThat(ask(secret, "mallory", PASSWORD).status()).isEqualTo(403);
        assertThat(made.response().body()).doesNotContain(secret, PASSWORD);
    }

    @Test
    void itIsOverWhenThereIsAUser() {
        controller.controller().accounts().add(Actor.LOCAL, "bob", PASSWORD, Role.VIEWER);

        assertThat(ask(secret, "alice", PASSWORD).status()).isEqualTo(403);
    }

    @Test
    void itIsOverAfterADayAndAnotherSecretTakesItsPlace() {
        var database = controller.controller().database();
        InstantSource tomorrow =
                InstantSource.fixed(Instant.now().plus(SetUp.LIFE).plusSeconds(1));
        var random = new SecureRandom();
        var audit = new AuditLog(tomorrow);
        var accounts = new Accounts(database, audit, new Passwords(random), random, tomorrow);
        var setUp = new SetUp(database, accounts, random, tomorrow);

        assertThat(setUp.use(secret, "alice", PASSWORD, ADDRESS)).isEqualTo(Outcome.OVER);
        String before = setUp.make();
        String now = setUp.make();
        assertThat(setUp.use(before, "alice", PASSWORD, ADDRESS)).isEqualTo(Outcome.OVER);
        assertThat(setUp.use(now, "alice", PASSWORD, ADDRESS)).isEqualTo(Outcome.DONE);
        assertThat(new Users(database, audit, tomorrow).list())
                .extracting(Users.User::login, Users.User::role)
                .containsExactly(tuple("alice", Role.OWNER));
    }

    @Test
    void guessesOfOneNetworkAreCounted() {
        SetUp setUp = controller.controller().setUp();
        for (int i = 0; i < 20; i++) {
            assertThat(setUp.use(WRONG, "alice", PASSWORD, ADDRESS)).isEqualTo(Outcome.OVER);
        }

        assertThat(setUp.use(secret, "alice", PASSWORD, ADDRESS)).isEqualTo(Outcome.TOO_MANY);
        assertThat(setUp.use(secret, "alice", PASSWORD, "198.51.100.1")).isEqualTo(Outcome.DONE);
    }
}
