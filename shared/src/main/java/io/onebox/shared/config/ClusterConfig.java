package io.onebox.shared.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How the nodes of one controller find each other.
///
/// @param listen where this node listens for the others; its event bus listens one port above
/// @param members where the others may be, this node among them
public record ClusterConfig(HostPort listen, List<HostPort> members) {

    private static final String DEFAULT_LISTEN = "127.0.0.1:5701";
    private static final int MAX_PORT = 0xfffe;

    /// The bits of `fc00::/7`, RFC 4193.
    private static final int LOCAL_MASK = 0xfe;

    private static final int LOCAL_PREFIX = 0xfc;

    public ClusterConfig {
        members = List.copyOf(members);
    }

    /// The port of the event bus.
    public int busPort() {
        return listen.port() + 1;
    }

    /// Reads the table; empty if it is off.
    ///
    /// @param database which several nodes must be able to share
    static Optional<ClusterConfig> read(ConfigSection section, DatabaseConfig database) {
        boolean isEnabled = section.flag("enabled", false);
        boolean isPublicAllowed = section.flag("allow-public-address", false);
        HostPort listen = section.text(
                "listen", HostPort.RULE, HostPort.parse(DEFAULT_LISTEN).orElseThrow());
        List<HostPort> members = section.list("members", HostPort.RULE, List.of());
        section.close();
        if (!isEnabled) {
            return Optional.empty();
        }
        if (database instanceof DatabaseConfig.SqliteFile) {
            section.problem("enabled", "needs a database that nodes can share: give database.url of PostgreSQL");
        }
        if (listen.port() > MAX_PORT) {
            section.problem("listen", "must leave a port above it for the event bus");
        }
        List<HostPort> all = new ArrayList<>(List.of(listen));
        all.addAll(members);
        if (!isPublicAllowed && !all.stream().allMatch(ClusterConfig::isPrivate)) {
            section.problem(
                    members.stream().allMatch(ClusterConfig::isPrivate) ? "listen" : "members",
                    "must be addresses of a private network, for nodes talk to each other in the clear;"
                            + " allow-public-address = true if a firewall or VPN protects them");
        }
        return Optional.of(new ClusterConfig(listen, members));
    }

    private static boolean isPrivate(HostPort place) {
        Optional<InetAddress> address = Prefix.address(place.host());
        return address.filter(found -> found.isLoopbackAddress()
                        || found.isSiteLocalAddress()
                        || found.isLinkLocalAddress()
                        || (found.getAddress()[0] & LOCAL_MASK) == LOCAL_PREFIX)
                .isPresent();
    }
}
