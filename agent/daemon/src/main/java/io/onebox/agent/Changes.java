package io.onebox.agent;

import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.LocalConfig;
import io.onebox.shared.config.ServerConfig;
import io.onebox.shared.config.TunnelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What differs between two configurations.
///
/// @param refused keys that cannot change while the agent runs
/// @param accepted keys that can
record Changes(List<String> refused, List<String> accepted) {

    Changes {
        refused = List.copyOf(refused);
        accepted = List.copyOf(accepted);
    }

    /// From one client configuration to another.
    static Changes between(ClientConfig before, ClientConfig now) {
        var changes = new Collector();
        changes.local(before.local(), now.local());
        changes.fixed(
                "identity.private-key-file",
                before.identity().privateKey(),
                now.identity().privateKey());
        changes.fixed(
                "server.public-key", before.server().publicKey(), now.server().publicKey());
        changes.tunnel(before.tunnel(), now.tunnel());
        changes.free(
                "server.endpoints", before.server().endpoints(), now.server().endpoints());
        changes.free(
                "server.preshared-key-file",
                before.server().presharedKey(),
                now.server().presharedKey());
        changes.free("tunnel.routes", before.tunnel().routes(), now.tunnel().routes());
        changes.free("tunnel.dns", before.tunnel().dns(), now.tunnel().dns());
        changes.free("tunnel.nat", before.tunnel().nat(), now.tunnel().nat());
        changes.free("bonding.mode", before.mode(), now.mode());
        changes.free("links.include", before.include(), now.include());
        changes.free("links.exclude", before.exclude(), now.exclude());
        changes.free("link", before.links(), now.links());
        return changes.collected();
    }

    /// From one server configuration to another.
    static Changes between(ServerConfig before, ServerConfig now) {
        var changes = new Collector();
        changes.local(before.local(), now.local());
        changes.fixed(
                "identity.private-key-file",
                before.identity().privateKey(),
                now.identity().privateKey());
        changes.fixed("listen.port", before.port(), now.port());
        changes.fixed("listen.shards", before.shards(), now.shards());
        changes.tunnel(before.tunnel(), now.tunnel());
        changes.free("forwarding", before.forwarding(), now.forwarding());
        changes.free("bonding.mode", before.mode(), now.mode());
        changes.free("client", before.clients(), now.clients());
        return changes.collected();
    }

    private static final class Collector {
        private final List<String> refused = new ArrayList<>();
        private final List<String> accepted = new ArrayList<>();

        void local(LocalConfig before, LocalConfig now) {
            fixed("api.socket", before.socket(), now.socket());
            fixed("api.dashboard", before.dashboard(), now.dashboard());
            fixed("metrics.listen", before.metrics(), now.metrics());
            fixed("state.directory", before.stateDirectory(), now.stateDirectory());
            free("log", before.log(), now.log());
        }

        void tunnel(TunnelConfig before, TunnelConfig now) {
            fixed("tunnel.interface", before.interfaceName(), now.interfaceName());
            free("tunnel.addresses", before.addresses(), now.addresses());
            free("tunnel.mtu", before.mtuBytes(), now.mtuBytes());
        }

        void fixed(String key, Object before, Object now) {
            if (!Objects.equals(before, now)) {
                refused.add(key);
            }
        }

        void free(String key, Object before, Object now) {
            if (!Objects.equals(before, now)) {
                accepted.add(key);
            }
        }

        Changes collected() {
            return new Changes(refused, accepted);
        }
    }
}
