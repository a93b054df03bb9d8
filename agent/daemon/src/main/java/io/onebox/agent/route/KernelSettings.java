package io.onebox.agent.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Which kernel settings forwarding and asymmetric routing need. Reads the host, changes nothing.
final class KernelSettings {

    private static final String LOOSE = "2";
    private static final String EVEN_AS_A_ROUTER = "2";
    private static final int STRICT = 1;
    private static final String IPV4 = "net/ipv4/conf/";
    private static final String IPV6 = "net/ipv6/conf/";

    private final Function<String, Optional<String>> settings;
    private final List<String> interfaces;

    /// @param settings values as they are without our changes
    /// @param interfaces names of all interfaces with IPv6, and `default`
    KernelSettings(Function<String, Optional<String>> settings, List<String> interfaces) {
        this.settings = settings;
        this.interfaces = List.copyOf(interfaces);
    }

    /// A strict reverse path filter drops the server's answers: unmarked, the way back to the server leads into the
    /// tunnel. The kernel takes the larger of `all` and the interface's own value, so the interface's is enough.
    ///
    /// @param names the tunnel and the uplinks
    List<HostChange> looseReversePath(List<String> names) {
        int all = number(IPV4 + "all/rp_filter");
        List<HostChange> changes = new ArrayList<>();
        for (String name : names) {
            String key = IPV4 + name + "/rp_filter";
            boolean isStrict = Math.max(all, number(key)) == STRICT;
            if (isStrict && settings.apply(key).isPresent()) {
                changes.add(new HostChange.Sysctl(key, LOOSE));
            }
        }
        return changes;
    }

    /// Forwarding of both families. An interface that takes router advertisements goes on doing so: a router does
    /// only with `accept_ra = 2`, and would lose its IPv6 default route otherwise.
    List<HostChange> forwarding(String tunnel) {
        List<HostChange> changes = new ArrayList<>();
        if (settings.apply(IPV6 + "all/forwarding").isPresent()) {
            if (number(IPV6 + "all/forwarding") == 0) {
                interfaces.stream()
                        .filter(name -> !Set.of(tunnel, "all", "lo").contains(name))
                        .map(name -> IPV6 + name + "/accept_ra")
                        .filter(key -> number(key) == 1)
                        .map(key -> new HostChange.Sysctl(key, EVEN_AS_A_ROUTER))
                        .forEach(changes::add);
            }
            changes.add(new HostChange.Sysctl(IPV6 + "all/forwarding", "1"));
        }
        changes.add(new HostChange.Sysctl("net/ipv4/ip_forward", "1"));
        return changes;
    }

    private int number(String key) {
        return settings.apply(key).map(Integer::parseInt).orElse(0);
    }
}
