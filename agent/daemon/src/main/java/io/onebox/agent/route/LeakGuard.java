package io.onebox.agent.route;

import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.IpFamily;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The chain that stops what rules cannot: an IPv4 socket bound to an uplink. Where no route is found for such a
/// socket, the kernel takes the destination for a neighbour (`ip_route_output_key_hash_rcu`), and on an uplink
/// without ARP, such as `ppp0` or `wwan0`, the packet would leave in the clear.
///
/// @param links names of the uplinks
/// @param captured prefixes that belong into the tunnel
/// @param direct prefixes an uplink leads to by a route other than the default one
record LeakGuard(List<String> links, List<Cidr> captured, List<Cidr> direct) {

    /// Multicast, broadcast and link-local traffic never leaves the link.
    private static final List<Cidr> NEIGHBOURHOOD = Stream.of(
                    "224.0.0.0/4", "255.255.255.255", "169.254.0.0/16", "fe80::/10", "ff00::/8")
            .map(Cidr::of)
            .toList();

    LeakGuard {
        links = List.copyOf(links);
        captured = List.copyOf(captured);
        direct = List.copyOf(direct);
    }

    /// The chain, or nothing if there is nothing to guard.
    String chain() {
        String rules = Stream.of(IpFamily.values()).map(this::rules).collect(Collectors.joining());
        return links.isEmpty() || rules.isEmpty() ? "" : """
                  chain output {
                    type filter hook output priority filter; policy accept;
                %s  }
                """.formatted(rules);
    }

    private String rules(IpFamily family) {
        List<Cidr> listed = of(family, captured.stream().filter(prefix -> !prefix.isDefault()));
        List<Cidr> spared = of(family, Stream.concat(direct.stream(), NEIGHBOURHOOD.stream()));
        boolean capturesAll = captured.contains(Cidr.everything(family));
        return (listed.isEmpty() ? "" : drop(family, "", listed)) + (capturesAll ? drop(family, "!= ", spared) : "");
    }

    private String drop(IpFamily family, String operator, List<Cidr> prefixes) {
        String names = links.stream().map(Firewall::quoted).collect(Collectors.joining(", "));
        String set = prefixes.stream().map(Cidr::toString).collect(Collectors.joining(", "));
        return "    oifname { %s } meta mark and %#x == 0 %s daddr %s{ %s } counter drop\n"
                .formatted(names, PolicyRoutes.SOCKET_MARK, family == IpFamily.IPV4 ? "ip" : "ip6", operator, set);
    }

    /// Those of a family, without any that another covers: nft refuses overlaps.
    private static List<Cidr> of(IpFamily family, Stream<Cidr> prefixes) {
        List<Cidr> all = prefixes.filter(prefix -> prefix.family() == family)
                .map(Cidr::network)
                .distinct()
                .toList();
        return all.stream()
                .filter(prefix -> all.stream()
                        .noneMatch(other -> other.bits() < prefix.bits() && other.contains(prefix.address())))
                .toList();
    }
}
