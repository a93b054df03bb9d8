package io.onebox.agent.route;

import io.onebox.agent.linux.Cidr;
import java.util.List;

/// What a client changes on the host.
///
/// @param tunnel name of the TUN device
/// @param routes prefixes to capture; a default route leaves directly connected networks alone, a longer prefix does
///     not
/// @param nat whether to masquerade a LAN behind this box into the tunnel
public record ClientRouting(String tunnel, List<Cidr> routes, boolean nat) {

    public ClientRouting {
        routes = List.copyOf(routes);
    }
}
