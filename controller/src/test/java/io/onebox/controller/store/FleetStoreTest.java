package io.onebox.controller.store;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.TestDatabase;
import io.onebox.controller.registry.Fleet;
import io.onebox.controller.registry.FleetChange;
import io.onebox.controller.registry.Node;
import io.onebox.controller.registry.NodeState;
import io.onebox.controller.registry.Tags;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.message.EventKind;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetStoreTest {

    private static final int CLIENTS = 50;

    private final SecureRandom random = new SecureRandom();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private Database database;
    private FleetStore store;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = Database.open(TestDatabase.create(directory));
        database.migrate();
        store = reopened();
        enrol(AgentRole.SERVER, "server");
        store.catchUp();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void theServerOfManyNewClientsGetsOneConfigurationForAllOfThem() {
        long before = latest("server").revision();
        for (int i = 0; i < CLIENTS; i++) {
            enrol(AgentRole.CLIENT, "client" + i);
        }
        assertThat(latest("client7").document()).as("its own, at once").contains("server.example.net");

        catchUp(store);

        assertThat(latest("server").revision()).isEqualTo(before + 1);
        assertThat(latest("server").document()).contains("client0", "client" + (CLIENTS - 1));
        assertThat(told).contains("server");
        assertThat(store.catchUp()).as("nothing waits").isZero();
    }

    @Test
    void whoMustGoGoesAtOnce() {
        enrol(AgentRole.CLIENT, "van");
        enrol(AgentRole.CLIENT, "bus");
        catchUp(store);

        store.change(Actor.LOCAL, new FleetChange.Disabled("van"));

        assertThat(latest("server").document()).contains("bus").doesNotContain("van");
    }

    @Test
    void whatWaitsIsMadeByTheNextProcess() {
        enrol(AgentRole.CLIENT, "van");
        store = reopened();
        told.clear();

        store.catchUp();

        assertThat(latest("server").document()).contains("van");
        assertThat(told).containsExactly("server");
    }

    @Test
    void nothingIsLeftOfAnAgentThatIsDeletedButItsAudit() {
        enrol(AgentRole.CLIENT, "van");
        enrol(AgentRole.CLIENT, "bus");
        database.transaction(
                connection -> EventLog.append(connection, List.of(event("van"), event("bus"), event("bus"))));
        database.transaction(connection -> {
            AgentKeys.want(connection, "van");
            return true;
        });

        store.change(Actor.LOCAL, new FleetChange.Revoked("van"));
        store.change(Actor.LOCAL, new FleetChange.Deleted("van"));

        for (String table : List.of("config_revision", "event", "rekey", "waiting_document", "pending")) {
            assertThat(count("SELECT COUNT(*) FROM " + table + " WHERE agent = 'van'"))
                    .as(table)
                    .isZero();
        }
        assertThat(count("SELECT COUNT(*) FROM node WHERE id = 'van'")).isZero();
        assertThat(count("SELECT COUNT(*) FROM assignment WHERE client = 'van'"))
                .isZero();
        assertThat(count("SELECT COUNT(*) FROM event WHERE agent = 'bus'")).isEqualTo(2);
        assertThat(count("SELECT COUNT(*) FROM audit WHERE object = 'van'")).isEqualTo(3);
    }

    private long count(String sql) {
        return database.transaction(
                connection -> Sql.one(connection, row -> row.getLong(1), sql).orElseThrow());
    }

    private static EventLog.Event event(String agent) {
        return new EventLog.Event(0, Instant.now(), agent, EventKind.LINK_DOWN, "eth0", "");
    }

    /// As two nodes do, each with its own idea of the fleet.
    @Test
    void anAddressIsGivenOnceHoweverManyEnrolAtOnce() throws Exception {
        FleetStore other = reopened();
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < CLIENTS; i++) {
                FleetStore node = i % 2 == 0 ? store : other;
                String name = "client" + i;
                all.add(threads.submit(() -> enrol(node, AgentRole.CLIENT, name)));
            }
        }
        for (Future<?> each : all) {
            each.get();
        }

        List<String> given = store.refresh().nodes().values().stream()
                .flatMap(node -> node.addresses().stream())
                .map(address -> address.address().getHostAddress())
                .toList();
        assertThat(given).doesNotHaveDuplicates().hasSize(2 * (CLIENTS + 1));
    }

    @Test
    void theNewestHundredRevisionsAreKept() {
        enrol(AgentRole.CLIENT, "van");
        int made = ConfigRevisions.KEPT + 5;
        for (int i = 1; i < made; i++) {
            store.change(Actor.LOCAL, new FleetChange.Edited("server", "server", List.of("192.0.2.1:" + i), Tags.NONE));
        }

        List<Long> kept =
                database
                        .transaction(connection -> ConfigRevisions.before(connection, "van", Long.MAX_VALUE, 2 * made))
                        .stream()
                        .map(ConfigRevisions.Revision::revision)
                        .toList();

        assertThat(kept).hasSize(ConfigRevisions.KEPT).startsWith((long) made).endsWith(6L);
    }

    private FleetStore reopened() {
        InstantSource clock = InstantSource.system();
        Fleet empty = Fleet.empty(List.of(
                Prefix.parse("10.77.0.0/16").orElseThrow(),
                Prefix.parse("fd77::/48").orElseThrow()));
        var next = new FleetStore(database, new AuditLog(clock), new ConfigRevisions(clock), empty);
        next.onChange(told::addAll);
        return next;
    }

    /// A pause follows each time, which is short here.
    private static void catchUp(FleetStore store) {
        eventually(Duration.ofSeconds(5), () -> assertThat(store.catchUp()).isPositive());
    }

    private void enrol(AgentRole role, String name) {
        enrol(store, role, name);
    }

    private void enrol(FleetStore node, AgentRole role, String name) {
        node.change(
                Actor.LOCAL,
                new FleetChange.Enrolled(new Node(
                        name,
                        SigningKey.generate(random).verifyKey(),
                        "A".repeat(43) + "=",
                        role,
                        name,
                        NodeState.ACTIVE,
                        List.of(),
                        role == AgentRole.SERVER ? List.of("server.example.net:51820") : List.of(),
                        Tags.NONE,
                        List.of(),
                        "linux",
                        "1",
                        Optional.empty())));
    }

    private ConfigRevisions.Revision latest(String agent) {
        return database.transaction(
                connection -> ConfigRevisions.latest(connection, agent).orElseThrow());
    }
}
