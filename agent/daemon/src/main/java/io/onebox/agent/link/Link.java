package io.onebox.agent.link;

import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.IpFamily;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// A local uplink: an interface over which the server can be reached.
///
/// @param id small and stable: an interface name keeps it as long as the agent runs, `0..255`
/// @param name of the interface, to bind sockets to
/// @param interfaceIndex the kernel's number; a new one means that bound sockets are dead
/// @param mtuBytes largest IP packet the interface takes
/// @param addresses those with a usable route, best first
public record Link(int id, String name, int interfaceIndex, int mtuBytes, List<Cidr> addresses) {

    public Link {
        addresses = List.copyOf(addresses);
    }

    /// Whether it can reach servers by IPv4.
    public boolean ipv4() {
        return source(IpFamily.IPV4).isPresent();
    }

    /// Whether it can reach servers by IPv6.
    public boolean ipv6() {
        return source(IpFamily.IPV6).isPresent();
    }

    /// The address to send from. Binding a socket to it as well as to the interface makes rules such as
    /// `from 10.0.1.2 lookup 101` apply.
    public Optional<InetAddress> source(IpFamily family) {
        return addresses.stream()
                .filter(address -> address.family() == family)
                .map(Cidr::address)
                .findFirst();
    }
}
