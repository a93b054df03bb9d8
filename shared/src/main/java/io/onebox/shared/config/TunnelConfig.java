package io.onebox.shared.config;

import java.net.InetAddress;
import java.util.List;

/// The TUN device and what goes through it.
///
/// @param interfaceName name of the TUN device
/// @param addresses of this end, with their prefix lengths
/// @param routes what a client's tunnel captures
/// @param dns name servers to use while the tunnel is up
/// @param mtuBytes of the TUN device, or [#AUTO_MTU]
/// @param nat whether a client masquerades a LAN behind it
public record TunnelConfig(
        String interfaceName,
        List<Prefix> addresses,
        List<Prefix> routes,
        List<InetAddress> dns,
        int mtuBytes,
        boolean nat) {

    /// `"auto"`: found by probing.
    public static final int AUTO_MTU = 0;

    /// Smallest MTU of an IPv6 link (RFC 8200, section 5).
    private static final int MIN_MTU = 1280;

    private static final int MAX_MTU = 65_535;

    private static final String DEFAULT_INTERFACE = "onebox0";

    private static final Rule<InetAddress> ADDRESS = new Rule<>("an IP address", Prefix::address);

    private static final List<Prefix> EVERYTHING = List.of(
            Prefix.parse("0.0.0.0/0").orElseThrow(), Prefix.parse("::/0").orElseThrow());

    public TunnelConfig {
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        dns = List.copyOf(dns);
    }

    static TunnelConfig readClient(ConfigSection section) {
        var config = new TunnelConfig(
                section.text("interface", Rules.INTERFACE_NAME, DEFAULT_INTERFACE),
                section.requiredList("addresses", Prefix.ADDRESS),
                section.list("routes", Prefix.NETWORK, EVERYTHING),
                section.list("dns", ADDRESS, List.of()),
                mtu(section),
                section.flag("nat", false));
        section.close();
        return config;
    }

    static TunnelConfig readServer(ConfigSection section) {
        var config = new TunnelConfig(
                section.text("interface", Rules.INTERFACE_NAME, DEFAULT_INTERFACE),
                section.requiredList("addresses", Prefix.ADDRESS),
                List.of(),
                List.of(),
                mtu(section),
                false);
        section.close();
        return config;
    }

    private static int mtu(ConfigSection section) {
        return section.integerOrAuto("mtu", MIN_MTU, MAX_MTU, AUTO_MTU);
    }
}
