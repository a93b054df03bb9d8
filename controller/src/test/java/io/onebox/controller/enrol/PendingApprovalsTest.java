package io.onebox.controller.enrol;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.TestDatabase;
import io.onebox.controller.registry.Claim;
import io.onebox.controller.registry.Fleet;
import io.onebox.controller.registry.FleetChange;
import io.onebox.controller.registry.Node;
import io.onebox.controller.registry.NodeState;
import io.onebox.controller.registry.Tags;
import io.onebox.controller.store.Actor;
import io.onebox.controller.store.AuditLog;
import io.onebox.controller.store.ConfigRevisions;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.SigningKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingApprovalsTest {

    private Instant now = Instant.parse("2026-11-25T12:00:00Z");
    private Database database;
    private FleetStore store;
    private PendingApprovals pending;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = Database.open(TestDatabase.create(directory));
        database.migrate();
        Fleet empty = Fleet.empty(List.of(Prefix.parse("10.77.0.0/16").orElseThrow()));
        store = new FleetStore(database, new AuditLog(() -> now), new ConfigRevisions(() -> now), empty);
        pending = new PendingApprovals(database, store, () -> now);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whoWasNotApprovedInADayIsForgotten() {
        enrol("a1");
        enrol("b2");
        store.change(Actor.LOCAL, new FleetChange.Approved("b2"));
        now = now.plus(Duration.ofHours(23));
        enrol("c3");

        assertThat(pending.expire()).isZero();
        now = now.plus(Duration.ofHours(2));
        assertThat(pending.expire()).isEqualTo(1);

        assertThat(store.fleet().nodes()).containsOnlyKeys("b2", "c3");
    }

    @Test
    void aClaimThatNobodyBelievesInADayIsForgotten() {
        enrol("a1");
        store.change(Actor.LOCAL, new FleetChange.Approved("a1"));
        var claim = new Claim(SigningKey.generate(new SecureRandom()).verifyKey(), "A".repeat(43) + "=", "linux", "1");
        now = now.plus(Duration.ofHours(23));
        store.change(Actor.LOCAL, new FleetChange.Claimed("a1", claim), connection -> pending.begin(connection, "a1"));

        now = now.plus(Duration.ofHours(2));
        assertThat(pending.expire()).as("the claim is as old as itself").isZero();
        now = now.plus(Duration.ofHours(23));
        assertThat(pending.expire()).isEqualTo(1);

        assertThat(store.fleet().node("a1").orElseThrow().claim()).isEmpty();
    }

    private void enrol(String id) {
        var node = new Node(
                id,
                SigningKey.generate(new SecureRandom()).verifyKey(),
                "A".repeat(43) + "=",
                AgentRole.CLIENT,
                id,
                NodeState.PENDING,
                List.of(),
                List.of(),
                Tags.NONE,
                List.of(),
                "linux",
                "1",
                Optional.empty());
        store.change(Actor.LOCAL, new FleetChange.Enrolled(node), connection -> pending.begin(connection, node.id()));
    }
}
