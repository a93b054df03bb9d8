package io.onebox.controller.enrol;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.TestDatabase;
import io.onebox.controller.auth.Refusals;
import io.onebox.controller.enrol.Enrolment.Outcome;
import io.onebox.controller.enrol.Enrolment.Reason;
import io.onebox.controller.registry.Fleet;
import io.onebox.controller.registry.Tags;
import io.onebox.controller.store.Actor;
import io.onebox.controller.store.AuditLog;
import io.onebox.controller.store.ConfigRevisions;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import io.onebox.controller.trust.ControllerKeys;
import io.onebox.controller.trust.StateFiles;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.message.EnrolRequest;
import io.onebox.shared.message.EnrolRequest.Applicant;
import io.onebox.shared.message.Greeting;
import io.onebox.shared.message.Protocol;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens, greetings and attempts count for a while, by the clocks of nodes that are not the same.
class EnrolmentTimesTest {

    private final SecureRandom random = new SecureRandom();
    private final SigningKey key = SigningKey.generate(random);
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private Database database;
    private ControllerKeys keys;
    private Enrolment enrolment;
    private EnrolmentToken token;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = Database.open(TestDatabase.create(directory));
        database.migrate();
        keys = ControllerKeys.create(new StateFiles(directory.resolve("state")), database, random, now);
        var audit = new AuditLog(() -> now);
        Fleet empty = Fleet.empty(List.of(Prefix.parse("10.77.0.0/16").orElseThrow()));
        var store = new FleetStore(database, audit, new ConfigRevisions(() -> now), empty);
        var tokens = new EnrolTokens(
                database, audit, keys.master(), random, () -> now, new Refusals(database, audit, () -> now));
        enrolment =
                new Enrolment(keys, tokens, store, new PendingApprovals(database, store, () -> now), random, () -> now);
        var terms =
                new EnrolTokens.Terms(AgentRole.CLIENT, false, List.of(), List.of(), Tags.NONE, 1, Duration.ofHours(1));
        var place = new EnrolTokens.Place(
                keys.root().fingerprint(), false, List.of(URI.create("https://controller.example:8443")));
        token = tokens.add(Actor.LOCAL, terms, place);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aTokenThatHasExpiredLetsNobodyIn() {
        now = now.plus(Duration.ofHours(1));

        assertThat(reason(enrolLater(Duration.ZERO))).isEqualTo(Reason.TOKEN_EXPIRED);
    }

    @Test
    void aGreetingCountsForFiveMinutes() {
        assertThat(reason(enrolLater(Duration.ofMinutes(5)))).isEqualTo(Reason.STALE);
        assertThat(enrolLater(Duration.ofMinutes(4))).isInstanceOf(Outcome.Known.class);
    }

    @Test
    void aNodeWhoseClockIsALittleBehindTakesTheGreetingOfAnother() {
        assertThat(enrolLater(Duration.ofSeconds(-3))).isInstanceOf(Outcome.Known.class);
    }

    @Test
    void nodesWithClocksFarApartSayByHowMuch() {
        Outcome outcome = enrolLater(Duration.ofMinutes(-9));

        assertThat(reason(outcome)).isEqualTo(Reason.CLOCK_SKEW);
        assertThat(((Outcome.Refused) outcome).detail()).contains("differ by 9 minutes");
    }

    @Test
    void whoeverHasANetworkHasTenAttemptsAMinute() {
        for (int i = 0; i < 10; i++) {
            assertThat(enrol("2001:db8:1:2::" + i, Duration.ZERO)).isInstanceOf(Outcome.Known.class);
        }

        assertThat(reason(enrol("2001:db8:1:2:ffff::1", Duration.ZERO))).isEqualTo(Reason.RATE_LIMITED);
        assertThat(enrol("2001:db8:1:3::1", Duration.ZERO)).isInstanceOf(Outcome.Known.class);
        assertThat(enrol("2001:db8:1:2::1", Duration.ofSeconds(61))).isInstanceOf(Outcome.Known.class);
    }

    /// Answers a greeting of now, at a node where it is so much later.
    private Outcome enrolLater(Duration later) {
        return enrol("192.0.2.7", later);
    }

    private Outcome enrol(String address, Duration later) {
        Bytes nonce = Bytes.random(random, Protocol.NONCE_LENGTH);
        Greeting greeting = keys.greet(nonce, random, () -> now);
        var applicant = new Applicant(key.verifyKey(), "A".repeat(43) + "=", "van", "linux", "1");
        EnrolRequest request = EnrolRequest.sign(token, key, applicant, nonce, greeting);
        now = now.plus(later);
        return enrolment.enrol(request, address);
    }

    private static Reason reason(Outcome outcome) {
        return ((Outcome.Refused) outcome).reason();
    }
}
