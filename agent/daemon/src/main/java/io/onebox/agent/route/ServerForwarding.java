package io.onebox.agent.route;

import io.onebox.agent.linux.Cidr;
import java.util.List;

/// What a server changes on the host.
///
/// @param tunnel name of the TUN device
/// @param clients addresses of all clients; those outside the networks of the TUN device get a route into it
/// @param nat whether to masquerade tunnel traffic
/// @param outgoing the interface to masquerade on, or [#AUTO]
/// @param clientToClient whether clients may reach each other
public record ServerForwarding(
        String tunnel, List<Cidr> clients, boolean nat, String outgoing, boolean clientToClient) {

    /// The interfaces of the default routes.
    public static final String AUTO = "auto";

    public ServerForwarding {
        clients = List.copyOf(clients);
    }
}
