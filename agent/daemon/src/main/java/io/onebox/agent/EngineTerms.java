package io.onebox.agent;

import io.onebox.agent.linux.Cidr;
import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.IpPrefix;
import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.LinkSettings;
import io.onebox.shared.config.LinkConfig;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.config.Secret;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Configuration in the engine's terms.
final class EngineTerms {

    private EngineTerms() {}

    static PublicKey publicKey(String base64) {
        return new PublicKey(Base64.getDecoder().decode(base64));
    }

    static PresharedKey presharedKey(Optional<Secret> secret) {
        return secret.map(found -> new PresharedKey(found.bytes())).orElse(PresharedKey.NONE);
    }

    static BondingMode mode(io.onebox.shared.config.BondingMode mode) {
        return switch (mode) {
            case AGGREGATE -> BondingMode.AGGREGATE;
            case REDUNDANT -> BondingMode.REDUNDANT;
            case COST_AWARE -> BondingMode.COST_AWARE;
        };
    }

    static LinkSettings settings(LinkConfig link) {
        LinkRole role = switch (link.role()) {
            case ALWAYS -> LinkRole.ALWAYS;
            case SECONDARY -> LinkRole.SECONDARY;
            case BACKUP -> LinkRole.BACKUP;
            case NEVER -> LinkRole.NEVER;
        };
        return new LinkSettings(
                role, link.metered(), link.uploadBytesPerSecond(), link.downloadBytesPerSecond(), false);
    }

    static IpPrefix prefix(Prefix prefix) {
        ByteBuffer bytes = ByteBuffer.wrap(prefix.address().getAddress());
        return prefix.isIpv4()
                ? IpPrefix.ofIpv4(bytes.getInt(), prefix.bits())
                : new IpPrefix(bytes.getLong(), bytes.getLong(), prefix.bits());
    }

    static List<IpPrefix> prefixes(List<Prefix> prefixes) {
        return prefixes.stream().map(EngineTerms::prefix).toList();
    }

    static Endpoint endpoint(InetAddress address, int port) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address
                ? new Endpoint(bytes.getLong(), bytes.getLong(), port)
                : Endpoint.ofIpv4(bytes.getInt(), port);
    }

    static List<Cidr> cidrs(List<Prefix> prefixes) {
        return prefixes.stream()
                .map(prefix -> new Cidr(prefix.address(), prefix.bits()))
                .toList();
    }
}
