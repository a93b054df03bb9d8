package io.onebox.controller.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.controller.push.ConfigCompiler;
import io.onebox.shared.config.LinkConfig;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.testing.Seeded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FleetTest {

    private static final List<Prefix> NETWORKS = List.of(
            Prefix.parse("10.77.0.0/24").orElseThrow(),
            Prefix.parse("fd77::/64").orElseThrow());

    private Fleet fleet = Fleet.empty(NETWORKS);

    @Test
    void aFirstServerAndItsClientsFindEachOther() {
        apply(new FleetChange.Enrolled(node(1, AgentRole.CLIENT, NodeState.ACTIVE)));
        apply(new FleetChange.Enrolled(node(2, AgentRole.SERVER, NodeState.ACTIVE)));
        apply(new FleetChange.Enrolled(node(3, AgentRole.CLIENT, NodeState.ACTIVE)));

        assertThat(fleet.assignments()).containsEntry("n1", "n2").containsEntry("n3", "n2");
        assertThat(document("n1")).contains("198.51.100.1:51820", "10.77.0.1/32", "fd77::1/128");
        assertThat(document("n2")).contains("10.77.0.2/24", "\"node1\"", "\"node3\"");
    }

    @Test
    void aServerLearnsNothingOfTheClientsOfAnother() {
        enrol(AgentRole.SERVER, AgentRole.CLIENT, AgentRole.SERVER, AgentRole.CLIENT);
        apply(new FleetChange.Assigned("n4", "n3"));

        assertThat(document("n1")).contains("node2").doesNotContain("node4", key(4).toString());
        assertThat(document("n3")).contains("node4").doesNotContain("node2", key(2).toString());
    }

    @Test
    void aServerLetsAClientInUntilItHasMovedToAnother() {
        enrol(AgentRole.SERVER, AgentRole.CLIENT, AgentRole.SERVER, AgentRole.SERVER);

        apply(new FleetChange.Assigned("n2", "n3"));
        apply(new FleetChange.Assigned("n2", "n4"));
        assertThat(List.of(document("n1"), document("n4")))
                .allSatisfy(text -> assertThat(text).contains("node2"));
        assertThat(document("n3")).as("which it never reached").doesNotContain("node2");

        Set<String> affected = apply(new FleetChange.Moved("n2", "n4"));
        assertThat(affected).contains("n1");
        assertThat(document("n1")).doesNotContain("node2");
        assertThat(document("n4")).contains("node2");
    }

    @Test
    void whoComesBackBeforeItHasMovedHasOneServer() {
        enrol(AgentRole.SERVER, AgentRole.CLIENT, AgentRole.SERVER);

        apply(new FleetChange.Assigned("n2", "n3"));
        apply(new FleetChange.Assigned("n2", "n1"));

        assertThat(fleet.leaving()).isEmpty();
        assertThat(document("n3")).doesNotContain("node2");
    }

    @Test
    void whoMovesOnMeanwhileKeepsTheServerItReached() {
        enrol(AgentRole.SERVER, AgentRole.CLIENT, AgentRole.SERVER, AgentRole.SERVER);
        apply(new FleetChange.Assigned("n2", "n3"));
        apply(new FleetChange.Assigned("n2", "n4"));

        apply(new FleetChange.Moved("n2", "n3"));

        assertThat(fleet.leaving()).containsOnly(Map.entry("n2", "n3"));
        assertThat(document("n3")).contains("node2");
    }

    @Test
    void aDisabledClientIsToldToCarryNothingAndItsServerForgetsIt() {
        apply(new FleetChange.Enrolled(node(1, AgentRole.SERVER, NodeState.ACTIVE)));
        apply(new FleetChange.Enrolled(node(2, AgentRole.CLIENT, NodeState.ACTIVE)));

        Set<String> affected = apply(new FleetChange.Disabled("n2"));

        assertThat(affected).containsExactlyInAnyOrder("n1", "n2");
        assertThat(document("n2")).contains("\"enabled\":false").doesNotContain("server");
        assertThat(document("n1")).doesNotContain("node2");
        apply(new FleetChange.Enabled("n2"));
        assertThat(document("n1")).contains("node2");
    }

    @Test
    void theNewestClaimCountsAndTakesOnlyTheKeys() {
        apply(new FleetChange.Enrolled(node(1, AgentRole.SERVER, NodeState.ACTIVE)));
        apply(new FleetChange.Enrolled(node(2, AgentRole.CLIENT, NodeState.ACTIVE)));
        apply(new FleetChange.Claimed("n2", claim(3)));
        apply(new FleetChange.Claimed("n2", claim(4)));
        assertThat(document("n1")).contains(key(2).toString()).doesNotContain(key(4).toString());

        Set<String> affected = apply(new FleetChange.Reclaimed("n2"));

        assertThat(affected).containsExactlyInAnyOrder("n1", "n2");
        assertThat(document("n1")).contains("node2", "10.77.0.2", key(4).toString());
        assertThat(fleet.node(key(2))).isEmpty();
        assertThat(fleet.claimedWith(key(4))).isEmpty();
        assertThatThrownBy(() -> apply(new FleetChange.Claimed("n1", claim(4)))).isInstanceOf(FleetRefusal.class);
    }

    @Test
    void whoClaimsWaitsLikeOthers() {
        for (int i = 0; i < Fleet.MAX_PENDING; i++) {
            apply(new FleetChange.Enrolled(node(i, AgentRole.CLIENT, NodeState.PENDING)));
        }
        apply(new FleetChange.Enrolled(node(200, AgentRole.CLIENT, NodeState.ACTIVE)));

        assertThatThrownBy(() -> apply(new FleetChange.Claimed("n200", claim(201))))
                .isInstanceOfSatisfying(
                        FleetRefusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(FleetRefusal.Code.TOO_MANY_PENDING));
    }

    @Test
    void aHundredMayWait() {
        for (int i = 0; i < Fleet.MAX_PENDING; i++) {
            apply(new FleetChange.Enrolled(node(i, AgentRole.CLIENT, NodeState.PENDING)));
        }

        assertThatThrownBy(() -> apply(new FleetChange.Enrolled(node(500, AgentRole.CLIENT, NodeState.PENDING))))
                .isInstanceOf(FleetRefusal.class);
        apply(new FleetChange.Enrolled(node(501, AgentRole.CLIENT, NodeState.ACTIVE)));
    }

    @Test
    void whoWaitsIsToldNothing() {
        apply(new FleetChange.Enrolled(node(1, AgentRole.CLIENT, NodeState.PENDING)));

        assertThat(ConfigCompiler.compile(fleet, "n1")).isEmpty();
        assertThat(fleet.node("n1").orElseThrow().addresses()).isEmpty();
    }

    @Test
    void aNameBelongsToOneAgent() {
        apply(new FleetChange.Enrolled(node(1, AgentRole.CLIENT, NodeState.ACTIVE)));
        apply(new FleetChange.Enrolled(node(2, AgentRole.CLIENT, NodeState.ACTIVE)));

        assertThatThrownBy(() -> fleet.apply(new FleetChange.Edited("n2", "node1", List.of(), Tags.NONE)))
                .isInstanceOfSatisfying(
                        FleetRefusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(FleetRefusal.Code.NAME_CONFLICT));
    }

    @Test
    void aFullNetworkSaysSo() {
        for (int i = 1; i < 255; i++) {
            apply(new FleetChange.Enrolled(node(i, AgentRole.CLIENT, NodeState.ACTIVE)));
        }

        assertThatThrownBy(() -> fleet.apply(new FleetChange.Enrolled(node(255, AgentRole.CLIENT, NodeState.ACTIVE))))
                .isInstanceOf(FleetRefusal.class)
                .hasMessageContaining("taken");
    }

    /// Any history: an address belongs to one agent, who is not affected has the same document, and a client's server
    /// knows it exactly if both are active.
    @Seeded(runs = 200)
    void keepsItsPromisesThroughAnyHistory(RandomGenerator random) {
        for (int step = 0; step < 60; step++) {
            Fleet before = fleet;
            Set<String> affected;
            try {
                affected = apply(anyChange(random));
            } catch (FleetRefusal _) {
                assertThat(fleet).isSameAs(before); // A change that is refused changes nothing.
                continue;
            }
            for (String id : before.nodes().keySet()) {
                if (!affected.contains(id)) {
                    assertThat(ConfigCompiler.compile(fleet, id)).isEqualTo(ConfigCompiler.compile(before, id));
                }
            }
            List<String> addresses = new ArrayList<>();
            fleet.nodes()
                    .values()
                    .forEach(node -> node.addresses()
                            .forEach(address -> addresses.add(address.address().getHostAddress())));
            assertThat(new HashSet<>(addresses)).hasSameSizeAs(addresses);
            fleet.leaving()
                    .forEach((client, server) -> assertThat(fleet.assignments())
                            .as("who leaves goes somewhere")
                            .containsKey(client)
                            .doesNotContainEntry(client, server));
            Stream.of(fleet.assignments(), fleet.leaving())
                    .forEach(servers -> servers.forEach((client, server) -> {
                        boolean areActive = fleet.nodes().get(client).isActive()
                                && fleet.nodes().get(server).isActive();
                        Optional<String> document = ConfigCompiler.compile(fleet, server);
                        String key = fleet.nodes().get(client).tunnelKey();
                        assertThat(document.filter(text -> text.contains(key)).isPresent())
                                .isEqualTo(areActive);
                    }));
        }
    }

    /// Enrols active agents, numbered from one.
    private void enrol(AgentRole... roles) {
        for (int i = 0; i < roles.length; i++) {
            apply(new FleetChange.Enrolled(node(i + 1, roles[i], NodeState.ACTIVE)));
        }
    }

    private static FleetChange anyChange(RandomGenerator random) {
        String id = "n" + random.nextInt(1, 12);
        String other = "n" + random.nextInt(1, 12);
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> {
                AgentRole role = random.nextInt(4) == 0 ? AgentRole.SERVER : AgentRole.CLIENT;
                NodeState state = random.nextInt(3) == 0 ? NodeState.PENDING : NodeState.ACTIVE;
                yield new FleetChange.Enrolled(node(random.nextInt(1, 12), role, state));
            }
            case 3 -> new FleetChange.Approved(id);
            case 4 -> new FleetChange.Disabled(id);
            case 5 -> new FleetChange.Enabled(id);
            case 6 -> new FleetChange.Revoked(id);
            case 7 -> new FleetChange.Deleted(id);
            case 8 -> new FleetChange.Assigned(id, other);
            case 9 -> new FleetChange.LinkSet(id, LinkConfig.unconfigured("eth" + random.nextInt(3)));
            case 10 -> new FleetChange.LinkUnset(id, "eth" + random.nextInt(3));
            case 11, 12 -> new FleetChange.Moved(id, other);
            default -> new FleetChange.Unassigned(id);
        };
    }

    private Set<String> apply(FleetChange change) {
        Fleet before = fleet;
        fleet = fleet.apply(change);
        return ConfigCompiler.affected(before, fleet);
    }

    private String document(String id) {
        return ConfigCompiler.compile(fleet, id).orElseThrow();
    }

    private static Node node(int number, AgentRole role, NodeState state) {
        List<String> endpoints = role == AgentRole.SERVER ? List.of("198.51.100.1:51820") : List.of();
        return new Node(
                "n" + number,
                key(number),
                key(number).toString(),
                role,
                "node" + number,
                state,
                List.of(),
                endpoints,
                Tags.NONE,
                List.of(),
                "linux",
                "1",
                Optional.empty());
    }

    private static Claim claim(int number) {
        return new Claim(key(number), key(number).toString(), "linux", "1");
    }

    private static VerifyKey key(int number) {
        var bytes = new byte[VerifyKey.LENGTH];
        bytes[0] = (byte) number;
        bytes[1] = (byte) (number >> Byte.SIZE);
        return VerifyKey.of(bytes).orElseThrow();
    }
}
