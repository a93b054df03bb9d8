package io.onebox.agent.route;

import java.util.List;
import java.util.stream.Collectors;

/// The nftables table of an agent: MSS clamp, masquerade, and who may talk to whom. Pure text; [Nft] loads it.
final class Firewall {

    /// The name of the table for the usual tunnel interface, promised by the contract.
    private static final String TABLE = "onebox";

    private static final String USUAL_TUNNEL = "onebox0";

    private Firewall() {}

    /// The table of the agent with this tunnel: `onebox` for `onebox0`, `onebox_wan` for `wan`, so that a client and
    /// a server can share a network namespace.
    static String tableName(String tunnel) {
        return tunnel.equals(USUAL_TUNNEL) ? TABLE : TABLE + "_" + tunnel.replaceAll("[^A-Za-z0-9]", "_");
    }

    /// A client's table.
    ///
    /// @param guard what must not leave by an uplink
    static HostChange client(ClientRouting client, LeakGuard guard) {
        String tunnel = quoted(client.tunnel());
        String masquerade = client.nat() ? postrouting("oifname " + tunnel + " masquerade") : "";
        return new HostChange.Table(tableName(client.tunnel()), forward(tunnel, "") + masquerade + guard.chain());
    }

    /// A server's table.
    ///
    /// @param outgoing interfaces to masquerade on
    static HostChange server(ServerForwarding server, List<String> outgoing) {
        String tunnel = quoted(server.tunnel());
        String separation =
                server.clientToClient() ? "" : "    iifname %1$s oifname %1$s counter drop\n".formatted(tunnel);
        String interfaces = outgoing.stream().map(Firewall::quoted).collect(Collectors.joining(", "));
        String masquerade = server.nat() && !outgoing.isEmpty()
                ? postrouting("iifname %s oifname { %s } masquerade".formatted(tunnel, interfaces))
                : "";
        return new HostChange.Table(tableName(server.tunnel()), forward(tunnel, separation) + masquerade);
    }

    /// `rt mtu` takes the smaller of the routes there and back, so both directions are clamped to the tunnel; nft
    /// only ever lowers the option.
    private static String forward(String tunnel, String more) {
        return """
                  chain forward {
                    type filter hook forward priority mangle; policy accept;
                    oifname %1$s tcp flags syn tcp option maxseg size set rt mtu
                    iifname %1$s tcp flags syn tcp option maxseg size set rt mtu
                %2$s  }
                """.formatted(tunnel, more);
    }

    private static String postrouting(String rule) {
        return """
                  chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    %s
                  }
                """.formatted(rule);
    }

    static String quoted(String interfaceName) {
        return "\"" + interfaceName + "\"";
    }
}
