package io.onebox.agent.route;

import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.NetRule;

/// Something the agent wants to be so on the host, while it runs. Equal values are the same change.
public sealed interface HostChange {

    /// A policy rule.
    record Rule(NetRule rule) implements HostChange {}

    /// A route into an interface, without a gateway.
    record Route(String interfaceName, int table, Cidr destination) implements HostChange {}

    /// A kernel setting.
    ///
    /// @param key as `sysctl` writes it, with slashes, so that interface names may have dots: `net/ipv4/ip_forward`
    record Sysctl(String key, String value) implements HostChange {}

    /// A table of nftables, family `inet`, with all that is in it.
    ///
    /// @param body what stands between the braces
    record Table(String name, String body) implements HostChange {}
}
