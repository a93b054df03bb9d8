package io.onebox.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.controller.TestDatabase;
import io.onebox.controller.auth.Accounts.Login;
import io.onebox.controller.store.Actor;
import io.onebox.controller.store.AuditLog;
import io.onebox.controller.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions, tokens and failures, and how long each counts.
class AccountsTest {

    private static final String PASSWORD = "correct horse battery";

    private final SecureRandom random = new SecureRandom();
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private Database database;
    private Accounts accounts;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = Database.open(TestDatabase.create(directory));
        database.migrate();
        accounts = new Accounts(database, new AuditLog(() -> now), new Passwords(random), random, () -> now);
        accounts.add(Actor.LOCAL, "alice", PASSWORD, Role.ADMIN);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aSessionEndsWithoutARequestInHalfAnHour() {
        String session = login();
        pass(Duration.ofMinutes(29));
        assertThat(accounts.session(session)).isPresent();
        pass(Duration.ofMinutes(29));
        assertThat(accounts.session(session)).as("it was used").isPresent();

        pass(Duration.ofMinutes(30));

        assertThat(accounts.session(session)).isEmpty();
    }

    @Test
    void lookingWhetherItStandsKeepsNoSessionAlive() {
        String session = login();
        pass(Duration.ofMinutes(20));
        assertThat(accounts.sessionStill(session)).isPresent();

        pass(Duration.ofMinutes(11));

        assertThat(accounts.sessionStill(session)).isEmpty();
    }

    @Test
    void noSessionOutlivesTwelveHours() {
        String session = login();
        for (int i = 0; i < 12 * 4 - 1; i++) {
            pass(Duration.ofMinutes(15));
            assertThat(accounts.session(session)).isPresent();
        }

        pass(Duration.ofMinutes(15));

        assertThat(accounts.session(session)).isEmpty();
    }

    @Test
    void everyLoginIsASessionOfItsOwn() {
        assertThat(login()).isNotEqualTo(login()).hasSizeGreaterThanOrEqualTo(43); // 256 bits in base64
    }

    @Test
    void aTokenEndsAndSaysWhenItWasUsed() {
        var owner = new Subject("user:alice", "alice", Role.ADMIN.permissions());
        String text = accounts.addToken(owner, Actor.LOCAL, "", Set.of(Permission.AGENTS_READ), Duration.ofDays(1));
        assertThat(accounts.tokens())
                .singleElement()
                .satisfies(token -> assertThat(token.used()).isEmpty());

        pass(Duration.ofHours(2));
        accounts.token(text);
        Instant used = now;
        pass(Duration.ofSeconds(30));
        accounts.token(text);

        assertThat(accounts.tokens())
                .singleElement()
                .satisfies(token -> assertThat(token.used()).contains(used));
        pass(Duration.ofDays(1));
        assertThat(accounts.token(text)).isEmpty();
    }

    @Test
    void whoeverHasANetworkHasFiveGuessesForOneLogin() {
        for (int i = 0; i < 5; i++) {
            assertThat(accounts.login("alice", "wrong", "2001:db8:1:2::" + i)).isInstanceOf(Login.Wrong.class);
        }

        assertThat(accounts.login("alice", PASSWORD, "2001:db8:1:2:ffff::1")).isInstanceOf(Login.TooMany.class);
        assertThat(accounts.login("alice", PASSWORD, "2001:db8:1:3::1")).isInstanceOf(Login.Session.class);
    }

    @Test
    void whoeverHasANetworkHasNoMoreGuesses() {
        for (int i = 0; i < 50; i++) {
            assertThat(accounts.login("user" + i, "wrong", "2001:db8:1:2::" + i))
                    .isInstanceOf(Login.Wrong.class);
        }

        assertThat(accounts.login("alice", PASSWORD, "2001:db8:1:2:ffff::1")).isInstanceOf(Login.TooMany.class);
        assertThat(accounts.login("alice", PASSWORD, "2001:db8:1:3::1")).isInstanceOf(Login.Session.class);
        pass(Duration.ofMinutes(61));
        assertThat(accounts.login("alice", PASSWORD, "2001:db8:1:2::1")).isInstanceOf(Login.Session.class);
    }

    /// Each is counted before it is looked at.
    @Test
    void guessesMadeAtOnceAreNoMoreThanOneAfterAnother() throws Exception {
        var begin = new CountDownLatch(1);
        List<Future<Login>> guesses = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                guesses.add(threads.submit(() -> {
                    begin.await();
                    return accounts.login("alice", "wrong", "192.0.2.7");
                }));
            }
            begin.countDown();
        }

        Map<String, Integer> answers = new TreeMap<>();
        for (Future<Login> guess : guesses) {
            answers.merge(guess.get().code(), 1, Integer::sum);
        }
        assertThat(answers).isEqualTo(Map.of("wrong", 5, "too_many", 45));
        assertThat(accounts.login("alice", PASSWORD, "192.0.2.7")).isInstanceOf(Login.TooMany.class);
        assertThat(accounts.login("alice", PASSWORD, "192.0.2.8")).isInstanceOf(Login.Session.class);
    }

    @Test
    void aRightPasswordIsNoGuess() {
        for (int i = 0; i < 4; i++) {
            accounts.login("alice", "wrong", "192.0.2.7");
        }
        for (int i = 0; i < 3; i++) {
            assertThat(login()).isNotEmpty();
        }

        assertThat(accounts.login("alice", "wrong", "192.0.2.7")).isInstanceOf(Login.Wrong.class);
        assertThat(accounts.login("alice", "wrong", "192.0.2.7")).isInstanceOf(Login.TooMany.class);
    }

    /// Who was told to come back later has not been told whether he was right.
    @Test
    void whatWasNotLookedAtIsNoGuess(@TempDir Path elsewhere) throws Exception {
        try (Database unready =
                Database.open(TestDatabase.create(Files.createDirectory(elsewhere.resolve("unready"))))) {
            var others = new Accounts(unready, new AuditLog(() -> now), new Passwords(random), random, () -> now);
            for (int i = 0; i < 6; i++) {
                assertThatThrownBy(() -> others.login("alice", PASSWORD, "192.0.2.7"))
                        .isInstanceOf(RuntimeException.class);
            }

            unready.migrate();
            others.add(Actor.LOCAL, "alice", PASSWORD, Role.ADMIN);

            assertThat(others.login("alice", PASSWORD, "192.0.2.7")).isInstanceOf(Login.Session.class);
        }
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private String login() {
        return ((Login.Session) accounts.login("alice", PASSWORD, "192.0.2.7")).secret();
    }
}
