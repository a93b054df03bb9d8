package io.onebox.agent.route;

import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.IpFamily;
import io.onebox.agent.linux.NetRule;
import io.onebox.agent.linux.NetRule.Selector;
import io.onebox.agent.linux.RtNetlink;
import java.util.ArrayList;
import java.util.List;

/// How a client leads packets into the tunnel: two routing tables and five kinds of rules, asked in this order for
/// packets without our mark.
///
/// ```
///  priority
///       0   local                                  (the kernel's)
///   10..25  table 7700+2n: the listed prefixes     they win over the LAN
///   26..41  to a listed prefix: unreachable        fail closed: no other way, even with the tunnel gone
///   42..57  main, default routes not minded        the LAN stays reachable             ┐ only if a default
///   58..73  table 7701+2n: the default route       everything else into the tunnel     │ route is captured
///   74..89  unreachable                            fail closed                         ┘
///       …   rules of the host, such as from 10.0.1.2 lookup 101; main; default
/// ```
///
/// Packets with [#SOCKET_MARK] skip all of these and find the host's own rules and tables. Each stage has room for
/// 16 clients in one network namespace; `n` is the [#freeSlot] of this one. The rules depend on no uplink, so
/// links may come and go. Rationale: docs/decisions/0021.
public final class PolicyRoutes {

    /// `SO_MARK` of every socket that must not enter the tunnel. One bit, so that others can use the rest; no
    /// program we know claims it (wg-quick 0xca6c, Tailscale 0xff0000, mwan3 0x3f00, Kubernetes 0xc000).
    public static final int SOCKET_MARK = 0x0200_0000;

    private static final int SLOTS = 16;
    private static final int FIRST_PRIORITY = Stage.LISTED.priority(0);

    /// A number that is free in `/etc/iproute2/rt_tables` and in no convention we know.
    private static final int FIRST_TABLE = 7700;

    private enum Stage {
        LISTED(10),
        LISTED_UNREACHABLE(26),
        LOCAL_NETWORKS(42),
        DEFAULT(58),
        DEFAULT_UNREACHABLE(74);

        private final int firstPriority;

        Stage(int firstPriority) {
            this.firstPriority = firstPriority;
        }

        int priority(int slot) {
            return firstPriority + slot;
        }
    }

    private PolicyRoutes() {}

    /// What to change so that packets to `routes` go into the tunnel.
    ///
    /// @param slot what tells several clients in one network namespace apart
    static List<HostChange> plan(String tunnel, List<Cidr> routes, int slot) {
        List<HostChange> changes = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            List<Cidr> ours = routes.stream()
                    .filter(route -> route.family() == family)
                    .map(Cidr::network)
                    .distinct()
                    .toList();
            plan(tunnel, family, ours, slot, changes);
        }
        return changes;
    }

    /// The lowest slot that no rule uses.
    static int freeSlot(List<NetRule> rules) {
        for (int slot = 0; slot < SLOTS; slot++) {
            int candidate = slot;
            boolean isTaken = rules.stream()
                    .filter(PolicyRoutes::isOurs)
                    .anyMatch(rule -> (rule.priority() - FIRST_PRIORITY) % SLOTS == candidate);
            if (!isTaken) {
                return slot;
            }
        }
        throw new HostException("%d onebox clients capture routes in this network namespace already; that is the limit"
                .formatted(SLOTS));
    }

    /// Whether a rule was made by an onebox client.
    static boolean isOurs(NetRule rule) {
        return rule.protocol() == RtNetlink.PROTOCOL
                && rule.priority() >= FIRST_PRIORITY
                && rule.priority() < lastPriority();
    }

    /// The priority behind all of ours.
    public static int lastPriority() {
        return Stage.DEFAULT_UNREACHABLE.priority(SLOTS);
    }

    private static void plan(String tunnel, IpFamily family, List<Cidr> routes, int slot, List<HostChange> changes) {
        int listedTable = FIRST_TABLE + 2 * slot;
        int defaultTable = listedTable + 1;
        Selector unmarked = Selector.all(family).marked(0, SOCKET_MARK);
        List<Cidr> listed = routes.stream().filter(route -> !route.isDefault()).toList();
        listed.forEach(route -> changes.add(new HostChange.Route(tunnel, listedTable, route)));
        if (!listed.isEmpty()) {
            changes.add(lookup(unmarked, Stage.LISTED, slot, listedTable));
        }
        listed.forEach(route -> changes.add(unreachable(unmarked.to(route), Stage.LISTED_UNREACHABLE, slot)));
        if (listed.size() == routes.size()) {
            return;
        }
        changes.add(new HostChange.Route(tunnel, defaultTable, Cidr.everything(family)));
        changes.add(new HostChange.Rule(
                NetRule.lookup(unmarked, Stage.LOCAL_NETWORKS.priority(slot), RtNetlink.MAIN_TABLE, RtNetlink.PROTOCOL)
                        .suppressing(0)));
        changes.add(lookup(unmarked, Stage.DEFAULT, slot, defaultTable));
        changes.add(unreachable(unmarked, Stage.DEFAULT_UNREACHABLE, slot));
    }

    private static HostChange lookup(Selector selector, Stage stage, int slot, int table) {
        return new HostChange.Rule(NetRule.lookup(selector, stage.priority(slot), table, RtNetlink.PROTOCOL));
    }

    private static HostChange unreachable(Selector selector, Stage stage, int slot) {
        return new HostChange.Rule(NetRule.unreachable(selector, stage.priority(slot), RtNetlink.PROTOCOL));
    }
}
