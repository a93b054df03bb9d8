package io.onebox.engine.session;

import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.IpPrefix;
import io.onebox.engine.path.BondingMode;
import java.util.List;

/// What we know of a peer before we meet it.
///
/// @param name for people; unique within an agent
/// @param publicKey its static key
/// @param presharedKey mixed into the handshake, or [PresharedKey#NONE]
/// @param allowedIps inner source addresses it may use, and destinations routed to it
/// @param endpoints where to reach it, best first; empty if it calls us
/// @param mode how its paths share the load
public record PeerConfig(
        String name,
        PublicKey publicKey,
        PresharedKey presharedKey,
        List<IpPrefix> allowedIps,
        List<Endpoint> endpoints,
        BondingMode mode) {

    public PeerConfig {
        allowedIps = List.copyOf(allowedIps);
        endpoints = List.copyOf(endpoints);
    }
}
