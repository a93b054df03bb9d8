package io.onebox.agent.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.IpFamily;
import io.onebox.agent.linux.NetRule;
import io.onebox.agent.linux.RtNetlink;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PolicyRoutesTest {

    @Test
    void capturesNothingIfNothingIsListed() {
        assertThat(PolicyRoutes.plan("onebox0", List.of(), 0)).isEmpty();
    }

    @Test
    void capturesADefaultRouteBehindTheLocalNetworks() {
        assertThat(lines(PolicyRoutes.plan("onebox0", List.of(Cidr.of("0.0.0.0/0")), 0)))
                .containsExactly(
                        "route onebox0 7701 0.0.0.0/0",
                        "rule 42 LOOKUP 254 0 0.0.0.0/0 0 2000000",
                        "rule 58 LOOKUP 7701 -1 0.0.0.0/0 0 2000000",
                        "rule 74 UNREACHABLE 0 -1 0.0.0.0/0 0 2000000");
    }

    @Test
    void capturesListedPrefixesBeforeTheLocalNetworksAndNothingElse() {
        assertThat(lines(PolicyRoutes.plan("onebox0", List.of(Cidr.of("10.9.1.1/16"), Cidr.of("fd99::/64")), 2)))
                .containsExactly(
                        "route onebox0 7704 10.9.0.0/16",
                        "rule 12 LOOKUP 7704 -1 0.0.0.0/0 0 2000000",
                        "rule 28 UNREACHABLE 0 -1 10.9.0.0/16 0 2000000",
                        "route onebox0 7704 fd99:0:0:0:0:0:0:0/64",
                        "rule 12 LOOKUP 7704 -1 0:0:0:0:0:0:0:0/0 0 2000000",
                        "rule 28 UNREACHABLE 0 -1 fd99:0:0:0:0:0:0:0/64 0 2000000");
    }

    @Test
    void givesEveryClientOfANamespaceItsOwnSlot() {
        List<NetRule> rules = Stream.of(0, 1, 3)
                .flatMap(slot -> PolicyRoutes.plan("onebox" + slot, List.of(Cidr.of("0.0.0.0/0")), slot).stream())
                .flatMap(change -> change instanceof HostChange.Rule(NetRule rule) ? Stream.of(rule) : Stream.empty())
                .toList();

        assertThat(PolicyRoutes.freeSlot(List.of())).isZero();
        assertThat(PolicyRoutes.freeSlot(rules)).isEqualTo(2);
    }

    @Test
    void refusesMoreClientsThanThereAreSlots() {
        var all = NetRule.Selector.all(IpFamily.IPV4);
        List<NetRule> full = IntStream.range(10, 26)
                .mapToObj(priority -> NetRule.lookup(all, priority, 7700, RtNetlink.PROTOCOL))
                .toList();

        assertThatThrownBy(() -> PolicyRoutes.freeSlot(full))
                .isInstanceOf(HostException.class)
                .hasMessageStartingWith("16 onebox clients");
    }

    private static List<String> lines(List<HostChange> changes) {
        return changes.stream()
                .map(change -> new JournalEntry(change, "").line())
                .toList();
    }
}
