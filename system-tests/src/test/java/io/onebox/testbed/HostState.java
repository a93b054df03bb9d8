package io.onebox.testbed;

/// What an agent may change on its host and must undo: links, rules, routes, nftables, sysctls. Compared as
/// text. Link-local and multicast routes are left out: the kernel adds them in its own time after a link is up.
final class HostState {

    private static final String LOOK = """
            ip -br link | sed 's/@.*//' | awk '{print $1}' | sort
            ip -4 rule; ip -6 rule
            ip -4 route show table all | sort; ip -6 route show table all | grep -v fe80 | grep -v ff00 | sort
            nft list tables | sort
            cd /proc/sys/net
            grep . ipv4/ip_forward ipv6/conf/all/forwarding ipv4/conf/all/rp_filter ipv4/conf/all/src_valid_mark
            """;

    private HostState() {}

    /// The state of a host.
    static String of(TestbedHost host) {
        return host.run(LOOK);
    }
}
